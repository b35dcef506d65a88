using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Prompts.Parsing;
using Inference.Runtime;
using Inference.Services.Calls;
using Inference.Services.Prompting;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.Services.Output;

/// <summary>
/// One call's output, from the loaded model to the door. Usually that is one run of the engine. A format constrains the answer but
/// neither thinking nor tool calls, and a budget ends the thinking: there the run is stopped and another goes on from what is good of
/// it, which the prefix cache makes cheap (Ollama's server/routes.go does the same for formats).
/// </summary>
internal sealed class GenerationRun
{
    private readonly GenerationPlan _plan;
    private readonly IEngine _engine;
    private readonly CallScope _scope;
    private readonly CallInfo _call;
    private readonly IGenerationWriter _writer;
    private readonly AnswerWriter _answer;
    private readonly PieceReader _pieces;
    private readonly RunTotals _totals = new();
    private readonly CancellationToken _caller;
    private readonly FittedPrompt _prompt;
    private readonly GenerationSpec _spec;
    private readonly TimeSpan _loaded;
    private TimeSpan? _firstToken;
    private FinishReason _reason = FinishReason.Unspecified;
    private string _stopSequence = "";

    public GenerationRun(GenerationPlan plan, IEngine engine, CallScope scope, CallInfo call, IGenerationWriter writer, TimeSpan loaded, CancellationToken caller)
    {
        (_plan, _engine, _scope, _call, _writer, _loaded, _caller) = (plan, engine, scope, call, writer, loaded, caller);
        _answer = new AnswerWriter(writer, plan.Stream.Aggregate, plan.TopLogprobs is not null);
        _pieces = new PieceReader(plan, _answer, _totals);
        FieldPaths.CheckTokens(plan.Prompt.Context, engine.Facts.VocabularySize, static i => $"context[{i}]");
        _prompt = plan.Prompt.Fit(plan.FitRules(engine.Facts), (text, addSpecial) => engine.Tokenize(text, addSpecial, parseSpecial: true));
        if (_prompt.TokensDropped > 0)
        {
            plan.Warnings.Add(WarningCatalogue.PromptTruncated(_prompt.MessagesDropped, _prompt.TokensDropped, engine.Facts.ContextLength));
        }

        _spec = plan.ToSpec(_prompt, engine.Facts, grammar: null) with { RenderSpecial = plan.IsParsed };
        plan.Warnings.Check(plan.Strict);
    }

    /// <summary>What it took so far.</summary>
    public GenerationFinish? Finish { get; private set; }

    public async Task RunAsync()
    {
        try
        {
            await GoOnAsync();
        }
        catch (Exception thrown)
        {
            var explained = _scope.Explain(thrown);
            if (_firstToken is not null && _scope.HasCaller)
            {
                await TryFinishAsync();
            }

            if (ReferenceEquals(explained, thrown))
            {
                throw;
            }

            throw explained;
        }

        await FinishAsync(_reason);
    }

    private async Task GoOnAsync()
    {
        // Without thinking or tools nothing comes before the format.
        var isFree = _plan.Grammar is not null && _plan.IsParsed;
        var first = isFree ? _spec with { LaterGrammar = _plan.Grammar } : _spec with { Sampling = _spec.Sampling with { Grammar = _plan.Grammar } };
        Leg? leg = new(first, _plan.IsParsed ? NewParser(_plan.Thinking.Thinks) : null, isFree);
        while (leg is not null)
        {
            leg = await RunAsync(leg);
        }

        await _answer.EndAsync(_caller);
        if (_totals.Shifts > 0)
        {
            _plan.Warnings.Add(WarningCatalogue.ContextShifted(_totals.Shifts, _totals.TokensDropped));
        }
    }

    /// <summary>One run of the engine.</summary>
    /// <returns>The run that goes on from it; null at the end.</returns>
    private async Task<Leg?> RunAsync(Leg leg)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_scope.Token);
        _scope.Phase = _firstToken is null ? "queue" : "output";
        if (!leg.Spec.Continues)
        {
            _scope.CheckWait(_engine.EstimateWait(leg.Spec.Priority));
        }

        var output = _engine.Submit(leg.Spec, stop.Token);
        try
        {
            var end = await ReadAsync(leg, output);
            if (end is LegEnd.Itself)
            {
                _totals.Add(output.Result);
                Conclude(output.Result!);
                return null;
            }

            await stop.CancelAsync();
            await DrainAsync(output);
            return end is LegEnd.Called ? Called(leg, output) : Continue(leg, output, end);
        }
        catch
        {
            await stop.CancelAsync(); // whatever failed, nobody reads on: the slot must not wait for a reader
            // The engine may not have noticed yet that nobody waits: then it says where it is, and afterwards its result says where it was.
            if (_firstToken is null && (output.Phase is GenerationPhase.Prompt or GenerationPhase.Output || output.Result is { PromptTime.Ticks: > 0 }))
            {
                _scope.Phase = "prompt";
            }

            _totals.Add(output.Result);
            throw;
        }
    }

    private async Task<LegEnd> ReadAsync(Leg leg, GenerationOutput output)
    {
        if (_plan.Stream.Progress && _firstToken is null)
        {
            await new ProgressReports(_writer).UntilFirstPieceAsync(output, _prompt.Tokens.Length, _scope.Token, _caller);
        }

        while (await output.Pieces.WaitToReadAsync(_scope.Token))
        {
            await StartAsync(output);
            while (output.Pieces.TryRead(out var piece))
            {
                if (await _pieces.TakeAsync(leg, piece, _caller) is var end and not LegEnd.Itself)
                {
                    return end;
                }
            }

            await _answer.FlushAsync(_caller);
        }

        await StartAsync(output);
        return await _pieces.EndAsync(leg, _caller);
    }

    private Leg? Called(Leg leg, GenerationOutput output)
    {
        _totals.Add(output.Result, [.. output.Result?.Generated.Take(leg.Tokens) ?? []]);
        _reason = FinishReason.ToolCalls;
        return null;
    }

    /// <summary>The run that goes on behind the thinking, within the format.</summary>
    private Leg? Continue(Leg leg, GenerationOutput output, LegEnd end)
    {
        var close = _plan.Template.ThinkingTags?.Close ?? "";
        var good = end is LegEnd.Budget ? $"{leg.Raw.ToString().TrimEnd()}\n{close}\n\n" : leg.UpToText(close);
        var kept = good.Length == 0 ? [] : _engine.Tokenize(good, addSpecial: false, parseSpecial: true);
        _totals.Add(output.Result, kept);
        var prompt = (int[])[.. leg.Spec.Prompt, .. kept];
        var room = _spec.MaxTokens - _totals.Completion;
        if (room <= 0 || prompt.Length >= _engine.Facts.ContextLength)
        {
            _reason = room <= 0 ? FinishReason.MaxTokens : FinishReason.ContextFull;
            return null;
        }

        var spec = leg.Spec with { Continues = true, LaterGrammar = null, Prompt = prompt, MaxTokens = room, Sampling = leg.Spec.Sampling with { Grammar = end is LegEnd.Text || _plan.Tools.Count == 0 ? _plan.Grammar : null } };
        var isFree = end is LegEnd.Budget && leg.IsFree && _plan.Tools.Count > 0;
        return new Leg(spec, _plan.Tools.Count > 0 && end is LegEnd.Budget ? NewParser(thinks: false) : null, isFree);
    }

    private OutputParser NewParser(bool thinks) => new(_plan.Template, _plan.Tools, thinks, thinks ? _prompt.Text : "");

    private async ValueTask StartAsync(GenerationOutput output)
    {
        if (_firstToken is not null)
        {
            return;
        }

        _firstToken = _scope.Elapsed;
        _scope.Phase = "output";
        await _writer.StartAsync(
            new GenerationStart
            {
                RequestId = _call.RequestId,
                Model = _plan.Model.FullName,
                Digest = _plan.Model.Stored.Digest,
                RequestTime = Timestamp.FromDateTimeOffset(_call.Arrival),
                ContextLength = _engine.Facts.ContextLength,
                PromptTokens = _prompt.Tokens.Length,
                CachedPromptTokens = output.Result?.CachedTokens ?? output.CachedTokens,
                Seed = _spec.Sampling.Seed,
                Warnings = { _plan.Warnings.Items },
            },
            _caller);
    }

    private void Conclude(GenerationResult result)
    {
        _stopSequence = result.Reason is StopReason.StopSequence ? result.StopSequence ?? "" : "";
        _reason = result.Reason switch
        {
            StopReason.EndOfText or StopReason.StopSequence when _answer.Calls > 0 => FinishReason.ToolCalls,
            StopReason.EndOfText => FinishReason.Stop,
            StopReason.StopSequence => FinishReason.StopSequence,
            StopReason.MaxTokens => FinishReason.MaxTokens,
            StopReason.ContextFull => FinishReason.ContextFull,
            StopReason.Repetition => FinishReason.Repetition,
            _ => FinishReason.Error,
        };
    }

    private async Task FinishAsync(FinishReason reason)
    {
        Finish = new GenerationFinish
        {
            Reason = reason,
            StopSequence = reason is FinishReason.StopSequence ? _stopSequence : "",
            Usage = _totals.ToUsage(),
            Timings = new Timings
            {
                TotalDuration = Duration.FromTimeSpan(_scope.Elapsed),
                QueueDuration = Duration.FromTimeSpan(_totals.Queue),
                LoadDuration = Duration.FromTimeSpan(_loaded),
                PromptDuration = Duration.FromTimeSpan(_totals.PromptTime),
                CompletionDuration = Duration.FromTimeSpan(_totals.Output),
                FirstTokenDuration = Duration.FromTimeSpan(_firstToken ?? TimeSpan.Zero),
            },
            Warnings = { _plan.Warnings.Items },
            Answer = _answer.Answer(),
            Logprobs = _answer.AllLogprobs(),
        };
        if (_plan.ReturnsContext)
        {
            Finish.Context.AddRange(_prompt.Tokens);
            Finish.Context.AddRange(_totals.Ids);
        }

        await _writer.FinishAsync(Finish, _caller);
    }

    // Where the door itself is broken, the first failure says why.
    private async Task TryFinishAsync()
    {
        try
        {
            await FinishAsync(FinishReason.Error);
        }
        catch (Exception)
        {
            Finish = null;
        }
    }

    private static async Task DrainAsync(GenerationOutput output)
    {
        try
        {
            while (await output.Pieces.WaitToReadAsync())
            {
                while (output.Pieces.TryRead(out _))
                {
                }
            }
        }
        catch (OperationCanceledException)
        {
            // That is how a stopped run ends.
        }
    }
}
