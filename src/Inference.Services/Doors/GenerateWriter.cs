using Grpc.Core;
using Inference.V1;
using Microsoft.AspNetCore.Http;

namespace Inference.Services.Doors;

/// <summary>Output of Generate. One message serves the whole stream: it is serialized before a write completes.</summary>
internal sealed class GenerateWriter(IServerStreamWriter<GenerateResponse> stream, HttpContext http) : IGenerationWriter
{
    private readonly GenerateResponse _message = new();

    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => WriteAsync(m => m.Progress = progress, logprobs: null, ct);

    public ValueTask StartAsync(GenerationStart start, CancellationToken ct)
    {
        WarningHeader.Append(http, start.Warnings);
        return WriteAsync(m => m.Start = start, logprobs: null, ct);
    }

    public ValueTask TextAsync(string text, Logprobs? logprobs, CancellationToken ct)
    {
        _message.Text = text;
        _message.Logprobs = logprobs;
        return new ValueTask(stream.WriteAsync(_message, ct));
    }

    public ValueTask ThinkingAsync(string thinking, Logprobs? logprobs, CancellationToken ct)
    {
        _message.Thinking = thinking;
        _message.Logprobs = logprobs;
        return new ValueTask(stream.WriteAsync(_message, ct));
    }

    public ValueTask ToolCallDeltaAsync(ToolCallDelta delta, CancellationToken ct) => WriteAsync(m => m.ToolCallDelta = delta, logprobs: null, ct);

    public ValueTask ToolCallAsync(ToolCall call, Logprobs? logprobs, CancellationToken ct) => WriteAsync(m => m.ToolCall = call, logprobs, ct);

    public ValueTask FinishAsync(GenerationFinish finish, CancellationToken ct) => WriteAsync(m => m.Finish = finish, logprobs: null, ct);

    private ValueTask WriteAsync(Action<GenerateResponse> set, Logprobs? logprobs, CancellationToken ct)
    {
        set(_message);
        _message.Logprobs = logprobs;
        return new ValueTask(stream.WriteAsync(_message, ct));
    }
}
