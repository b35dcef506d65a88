using System.Buffers;
using Inference.GoJson;
using Inference.HttpErrors;
using Inference.Services;
using Inference.V1;
using Microsoft.AspNetCore.Http;

namespace Inference.Facade.Ollama.Replies;

/// <summary>A reply of pull, push or create as a stream: one line for each step, sent at once.</summary>
internal sealed class OperationLines(HttpResponse response) : IOperationWriter
{
    // A line is complete before anything of it is sent.
    private readonly ArrayBufferWriter<byte> _line = new(128);

    public ValueTask ProgressAsync(OperationProgress progress, CancellationToken ct) => WriteAsync(json => OperationReply.Write(json, progress), ct);

    public ValueTask FinishAsync(OperationResult result, CancellationToken ct) => WriteAsync(OperationReply.WriteSuccess, ct);

    private async ValueTask WriteAsync(Action<GoJsonWriter> write, CancellationToken ct)
    {
        _line.ResetWrittenCount();
        write(new GoJsonWriter(_line));
        _line.Write("\n"u8);
        if (!response.HasStarted)
        {
            response.ContentType = OllamaTypes.Lines;
        }

        await response.BodyWriter.WriteAsync(_line.WrittenMemory, ct);
    }
}

/// <summary>The same in one piece: of all lines the last.</summary>
internal sealed class OperationEnd(OllamaExchange exchange) : IOperationWriter
{
    public ValueTask ProgressAsync(OperationProgress progress, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask FinishAsync(OperationResult result, CancellationToken ct)
    {
        exchange.Warn(result.Warnings);
        return new ValueTask(exchange.ReplyAsync(OperationReply.WriteSuccess, ErrorTypes.BareJson));
    }
}

/// <summary>api.ProgressResponse.</summary>
internal static class OperationReply
{
    public static void Write(GoJsonWriter json, OperationProgress progress)
    {
        var members = new GoMembers(json);
        members.Next("\"status\":"u8).String(progress.Status);
        members.Optional("\"digest\":"u8, progress.Step is OperationStep.CreatingLayer or OperationStep.ReusingLayer ? "" : progress.Digest);
        members.Optional("\"total\":"u8, progress.TotalBytes);
        members.Optional("\"completed\":"u8, progress.CompletedBytes);
        members.End();
    }

    public static void WriteSuccess(GoJsonWriter json) => json.Raw("{\"status\":\"success\"}"u8);
}
