using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Prompts.Parsing;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Services.Output;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.Services.Remote;

/// <summary>One call that another server answers, told as if it were answered here.</summary>
internal sealed class RemoteGeneration(RemoteModels models, RemoteModel model, CallScope scope, CallInfo call, IGenerationWriter writer, CancellationToken caller)
{
    private readonly Warnings _warnings = new();
    private AnswerWriter _answer = null!;
    private TimeSpan? _first;

    /// <summary>What it took so far.</summary>
    public GenerationFinish? Finish { get; private set; }

    public Task RunAsync(GenerateRequest request) => RunAsync("/api/generate", () => request.ToRemote(_warnings), CommonFields.Of(request), request.ReturnContext);

    public Task RunAsync(ChatRequest request) => RunAsync("/api/chat", () => request.ToRemote(_warnings), CommonFields.Of(request), returnsContext: false);

    private async Task RunAsync(string path, Func<RemoteBody> body, CommonFields common, bool returnsContext)
    {
        var run = models.Run(model);
        var request = body();
        _warnings.Check(common.Strict);
        _answer = new AnswerWriter(writer, common.Stream.Aggregate, common.Logprobs is not null);
        scope.Phase = "queue";
        try
        {
            using var lines = await run.SendAsync(path, request, scope.Token);
            await ReadAsync(lines, returnsContext);
        }
        catch (Exception thrown)
        {
            var explained = scope.Explain(thrown);
            if (_first is not null && scope.HasCaller)
            {
                await TryFinishAsync();
            }

            if (ReferenceEquals(explained, thrown))
            {
                throw;
            }

            throw explained;
        }
    }

    private async Task ReadAsync(RemoteLines lines, bool returnsContext)
    {
        await foreach (var line in lines.ReadAsync(scope.Token))
        {
            using var json = JsonDocument.Parse(line);
            var part = new RemoteAnswer(json.RootElement);
            await StartAsync();
            await WriteAsync(part);
            if (part.IsDone)
            {
                await EndAsync(part, returnsContext);
                return;
            }
        }

        throw lines.Broken("unexpected EOF");
    }

    private async Task WriteAsync(RemoteAnswer part)
    {
        _answer.Add(part.Logprobs());
        if (part.Thinking is { Length: > 0 } thinking)
        {
            await _answer.AddAsync(new OutputPart(null, thinking, null), caller);
        }

        if (part.Text is { Length: > 0 } text)
        {
            await _answer.AddAsync(new OutputPart(text, null, null), caller);
        }

        foreach (var toolCall in part.ToolCalls())
        {
            await _answer.AddAsync(new OutputPart(null, null, toolCall), caller);
        }

        await _answer.FlushAsync(caller);
    }

    private async ValueTask StartAsync()
    {
        if (_first is not null)
        {
            return;
        }

        _first = scope.Elapsed;
        scope.Phase = "output";
        var start = new GenerationStart
        {
            RequestId = call.RequestId,
            Model = model.FullName,
            Digest = model.Stored?.Digest ?? "",
            RequestTime = Timestamp.FromDateTimeOffset(call.Arrival),
            Warnings = { _warnings.Items },
        };
        await writer.StartAsync(start, caller);
    }

    private async Task EndAsync(RemoteAnswer last, bool returnsContext)
    {
        await _answer.EndAsync(caller);
        Finish = new GenerationFinish
        {
            Reason = last.Reason(_answer.Calls > 0),
            Usage = last.Usage(),
            Timings = last.Timings(scope.Elapsed, _first ?? TimeSpan.Zero),
            Warnings = { _warnings.Items },
            Answer = _answer.Answer(),
            Logprobs = _answer.AllLogprobs(),
        };
        if (returnsContext)
        {
            Finish.Context.AddRange(last.Context());
        }

        await writer.FinishAsync(Finish, caller);
    }

    // Where the door itself is broken, the first failure says why.
    private async Task TryFinishAsync()
    {
        try
        {
            Finish = new GenerationFinish { Reason = FinishReason.Error, Usage = new Usage(), Timings = new Timings { TotalDuration = Duration.FromTimeSpan(scope.Elapsed) }, Warnings = { _warnings.Items } };
            await writer.FinishAsync(Finish, caller);
        }
        catch (Exception)
        {
            Finish = null;
        }
    }
}
