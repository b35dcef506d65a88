using System.Text;
using Inference.Errors;
using Inference.Runtime.Loading;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Services.Output;
using Inference.Services.Prompting;
using Inference.Services.Remote;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.Services;

/// <summary>Generate, Chat and what belongs to prompts: the code that all doors share. Failures are thrown, from the catalogue.</summary>
public sealed class Generation
{
    private readonly ModelLibrary _library;
    private readonly Loader _loader;
    private readonly Drain _drain;
    private readonly Telemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly RemoteModels _remotes;

    internal Generation(ModelLibrary library, Loader loader, Drain drain, Telemetry telemetry, TimeProvider time, RemoteModels remotes) =>
        (_library, _loader, _drain, _telemetry, _time, _remotes) = (library, loader, drain, telemetry, time, remotes);

    public async Task GenerateAsync(GenerateRequest request, CallInfo call, IGenerationWriter writer, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        request.Check(call.Lenient);
        var located = _library.Locate(request.Model);
        if (located.There is { } remote)
        {
            var run = new RemoteGeneration(_remotes, remote, scope, call, writer, ct);
            await CountedAsync(run.RunAsync(request), () => run.Finish);
            return;
        }

        // Only the text of a prompt to look at needs the tokens as text; a prompt to run keeps them.
        var plan = request.ToPlan(located.Here!, static _ => "", _time);
        await RunAsync(plan, scope, call, writer, ct);
    }

    public async Task ChatAsync(ChatRequest request, CallInfo call, IGenerationWriter writer, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        request.Check(call.Lenient);
        var located = _library.Locate(request.Model);
        if (located.There is { } remote)
        {
            var run = new RemoteGeneration(_remotes, remote, scope, call, writer, ct);
            await CountedAsync(run.RunAsync(request), () => run.Finish);
            return;
        }

        try
        {
            await RunAsync(request.ToPlan(located.Here!, _time), scope, call, writer, ct);
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.ContextLengthExceeded)
        {
            throw e.At("messages");
        }
    }

    /// <summary>Finds what is wrong with a conversation, as far as that shows without the model's weights, or in the first that another server says.</summary>
    public async Task CheckAsync(ChatRequest request, CallInfo call, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        request.Check(call.Lenient);
        var located = _library.Locate(request.Model);
        if (located.There is { } remote)
        {
            var run = _remotes.Run(remote);
            using var lines = await run.SendAsync("/api/chat", request.ToRemote(new Warnings()), scope.Token);
            return;
        }

        request.ToPlan(located.Here!, _time);
    }

    /// <summary>What Generate asks of a model before anything else.</summary>
    /// <exception cref="InferenceException">As for any call that names a model; FEATURE_UNSUPPORTED, RAW_MODE_CONFLICT.</exception>
    public void Check(GenerateRequest request) => request.Admit(_library.Find(request.Model));

    /// <summary>Ends a call with what is wrong with a format that the contract has no form for, or with what Ollama finds first.</summary>
    /// <param name="request">The call, without the format.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="onlyRendered">The call wants the prompt alone, which may be there before the format is looked at: then nothing is thrown.</param>
    /// <param name="call">The call.</param>
    /// <param name="ct">Ends it.</param>
    public Task RefuseFormatAsync(GenerateRequest request, InferenceException problem, bool onlyRendered, CallInfo call, CancellationToken ct)
    {
        request.Check(call.Lenient);
        return RefuseFormatAsync(request.ToPlan(_library.Find(request.Model), static _ => "", _time), problem, onlyRendered, call, ct);
    }

    /// <summary>The same.</summary>
    public Task RefuseFormatAsync(ChatRequest request, InferenceException problem, bool onlyRendered, CallInfo call, CancellationToken ct)
    {
        request.Check(call.Lenient);
        return RefuseFormatAsync(request.ToPlan(_library.Find(request.Model), _time), problem, onlyRendered, call, ct);
    }

    public async Task<RenderPromptResponse> RenderPromptAsync(RenderPromptRequest request, CallInfo call, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        var shown = request.RequestCase is RenderPromptRequest.RequestOneofCase.Chat ? "chat" : "generate";
        try
        {
            var response = await RenderAsync(request, call, scope);
            _telemetry.Warned(response.Warnings);
            return response;
        }
        catch (InferenceException e) when (!call.Lenient && request.RequestCase is not RenderPromptRequest.RequestOneofCase.None)
        {
            throw e.Within(shown); // a lenient door's callers know nothing of the message around it
        }
    }

    public async Task<TokenizeResponse> TokenizeAsync(TokenizeRequest request, CallInfo call, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        var tokenizer = await TokenizerAsync(_library.Find(request.Model), scope);
        var tokens = tokenizer.Tokenize(request.Text, request.AddSpecial, request.ParseSpecial);
        var response = new TokenizeResponse { Tokens = { tokens } };
        if (request.WithPieces)
        {
            response.Pieces.AddRange(tokens.Select(t => Google.Protobuf.ByteString.CopyFrom(tokenizer.Piece(t, renderSpecial: true))));
        }

        return response;
    }

    public async Task<DetokenizeResponse> DetokenizeAsync(DetokenizeRequest request, CallInfo call, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        var tokenizer = await TokenizerAsync(_library.Find(request.Model), scope);
        FieldPaths.CheckTokens(request.Tokens, tokenizer.VocabularySize, static i => $"tokens[{i}]");
        return new DetokenizeResponse { Text = Text(tokenizer, request.Tokens, request.RenderSpecial) };
    }

    private async Task RunAsync(GenerationPlan plan, CallScope scope, CallInfo call, IGenerationWriter writer, CancellationToken ct)
    {
        Func<Progress, ValueTask>? report = plan.Stream.Progress ? progress => writer.ProgressAsync(progress, ct) : null;
        using var lease = await AcquireAsync(plan, scope, report);
        var run = new GenerationRun(plan, lease.Engine, scope, call, writer, scope.Elapsed, ct);
        await CountedAsync(run.RunAsync(), () => run.Finish);
    }

    private async Task CountedAsync(Task run, Func<GenerationFinish?> told)
    {
        try
        {
            await run;
        }
        finally
        {
            if (told() is { } finish)
            {
                _telemetry.Finished(finish.Usage, finish.Timings, finish.Warnings);
            }
        }
    }

    private async Task RefuseFormatAsync(GenerationPlan plan, InferenceException problem, bool onlyRendered, CallInfo call, CancellationToken ct)
    {
        if (onlyRendered && !plan.IsEarly)
        {
            return;
        }

        using var scope = new CallScope(call, _drain, _time, ct);
        using var lease = await AcquireAsync(plan, scope, report: null);
        plan.CheckOwn();
        if (plan.IsEarly)
        {
            throw problem.With("phase", "prompt");
        }

        if (plan.ChatTemplate.Length == 0)
        {
            plan.Fit(lease.Engine);
        }

        throw problem;
    }

    private async Task<Lease> AcquireAsync(GenerationPlan plan, CallScope scope, Func<Progress, ValueTask>? report)
    {
        try
        {
            plan.Warnings.Check(plan.Strict); // what is known already need not wait for a load
            return await LoadedModel.AcquireAsync(_loader, plan.Model, plan.Load, plan.Warnings, report, scope);
        }
        catch (OperationCanceledException e)
        {
            throw scope.Explain(e);
        }
    }

    private async Task<RenderPromptResponse> RenderAsync(RenderPromptRequest request, CallInfo call, CallScope scope)
    {
        var name = request.RequestCase switch
        {
            RenderPromptRequest.RequestOneofCase.Generate => Checked(request.Generate, call),
            RenderPromptRequest.RequestOneofCase.Chat => Checked(request.Chat, call),
            _ => throw Catalogue.FieldRequired.For("request"),
        };
        var model = _library.Find(name);
        var tokenizer = await TokenizerAsync(model, scope);
        var plan = request.RequestCase is RenderPromptRequest.RequestOneofCase.Chat
            ? request.Chat.ToPlan(model, _time)
            : request.Generate.ToPlan(model, tokens => Text(tokenizer, tokens, renderSpecial: true), _time);
        var contextLength = _loader.ContextLengthOf(model.ToLoadSpec(plan.Load.Settings), plan.Load.Reload);
        var rules = plan.FitRules(contextLength, addsBos: tokenizer.Tokenize("", addSpecial: true, parseSpecial: false).Length > 0);
        return Show(plan.Render().Prompt.Draw(rules, (text, addSpecial) => tokenizer.Tokenize(text, addSpecial, parseSpecial: true)), plan, rules, request.WithTokens);
    }

    private static RenderPromptResponse Show(FittedPrompt prompt, GenerationPlan plan, FitRules rules, bool withTokens)
    {
        // A cut in the middle is not shown, but told: the text is what the tokens before the cut say.
        var cut = rules.CutsMiddle && prompt.Tokens.Length > rules.Room ? Prompt.Cut(prompt, rules) : prompt;
        if (plan.Load.Reload && plan.Load.Settings.ContextLength > rules.ContextLength)
        {
            plan.Warnings.Add(WarningCatalogue.ContextReduced(plan.Load.Settings.ContextLength, rules.ContextLength));
        }

        if (cut.TokensDropped > 0)
        {
            plan.Warnings.Add(WarningCatalogue.PromptTruncated(cut.MessagesDropped, cut.TokensDropped, rules.ContextLength));
        }

        var response = new RenderPromptResponse
        {
            Prompt = prompt.Text,
            MediaCount = prompt.MediaCount,
            PromptTokens = prompt.Tokens.Length,
            ContextLength = rules.ContextLength,
            Warnings = { plan.Warnings.Items },
        };
        if (withTokens)
        {
            response.Tokens.AddRange(prompt.Tokens);
        }

        return response;
    }

    private async Task<ITokenizer> TokenizerAsync(FoundModel model, CallScope scope)
    {
        try
        {
            return await _loader.TokenizerAsync(model.ToLoadSpec(new LoadSettings()), scope.Token);
        }
        catch (OperationCanceledException e)
        {
            throw scope.Explain(e);
        }
    }

    private static string Checked(GenerateRequest request, CallInfo call)
    {
        request.Check(call.Lenient);
        return request.Model;
    }

    private static string Checked(ChatRequest request, CallInfo call)
    {
        request.Check(call.Lenient);
        return request.Model;
    }

    private static string Text(ITokenizer tokenizer, IEnumerable<int> tokens, bool renderSpecial) =>
        Encoding.UTF8.GetString([.. tokens.SelectMany(t => tokenizer.Piece(t, renderSpecial))]);
}
