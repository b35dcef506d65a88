using Inference.Errors;
using Inference.Prompts.GoTemplates;
using Inference.Runtime;
using Inference.Runtime.Loading;
using Inference.Services.Knowledge;
using Inference.Services.Prompting;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>
/// What a Generate or Chat asks for, complete and checked: all that can be known before the model is loaded. With a loaded model it
/// becomes a <see cref="GenerationSpec"/>.
/// </summary>
internal sealed record GenerationPlan
{
    public required FoundModel Model { get; init; }

    /// <summary>Looks at what the prompt is made of and the request has brought itself. Ollama does so when the model is loaded.</summary>
    public Action CheckOwn { get; init; } = static () => { };

    /// <summary>Makes the prompt. Ollama does so when the model is loaded.</summary>
    public required Func<Rendering> Render { get; init; }

    /// <summary>Where Ollama's runner makes the prompt before the reply begins.</summary>
    public bool IsEarly { get; init; }

    /// <summary><c>jinja</c> where Ollama would have the weights' own template applied by its runner; empty otherwise.</summary>
    public string ChatTemplate { get; init; } = "";

    /// <summary>What the model may call.</summary>
    public IReadOnlyList<Tool> Tools { get; init; } = [];

    /// <summary>One call at most.</summary>
    public bool CallsOnce { get; init; }

    public required ThinkingChoice Thinking { get; init; }

    public required SamplingChoice Sampling { get; init; }

    /// <summary>Of the answer, not of its thinking and its tool calls; null for none.</summary>
    public string? Grammar { get; init; }

    public required LoadPlan Load { get; init; }

    /// <summary>Leave out the oldest messages where the prompt does not fit.</summary>
    public bool DropsMessages { get; init; }

    /// <summary>Leave out the middle of the text where the prompt does not fit.</summary>
    public bool CutsMiddle { get; init; }

    /// <summary>The caller lets a prompt be made shorter.</summary>
    public bool Truncate { get; init; }

    public bool Shift { get; init; }

    public int? TopLogprobs { get; init; }

    public QueuePriority Priority { get; init; }

    public bool Strict { get; init; }

    public required StreamOptions Stream { get; init; }

    public bool ReturnsContext { get; init; }

    public required Warnings Warnings { get; init; }

    /// <summary>Its output has thinking or tool calls to take apart.</summary>
    public bool IsParsed => Thinking.Thinks || Tools.Count > 0;

    /// <summary>The prompt in the engine's tokens, and the template that says how to read the answer.</summary>
    /// <exception cref="InferenceException">What <see cref="Render"/> throws; CONTEXT_LENGTH_EXCEEDED, TOKENIZER_FAILED.</exception>
    public (PromptTemplate Template, FittedPrompt Prompt) Fit(IEngine engine)
    {
        var (template, prompt) = Render();
        FieldPaths.CheckTokens(prompt.Context, engine.Facts.VocabularySize, static i => $"context[{i}]");
        return (template, prompt.Fit(FitRules(engine.Facts), (text, addSpecial) => engine.Tokenize(text, addSpecial, parseSpecial: true)));
    }

    public FitRules FitRules(EngineFacts facts) => FitRules(facts.ContextLength, facts.AddsBos);

    public FitRules FitRules(int contextLength, bool addsBos) => new(contextLength, DropsMessages, CutsMiddle, Sampling.NumKeep, addsBos)
    {
        Truncation = Truncate && !Shift ? "shift_off" : "off",
    };

    public GenerationSpec ToSpec(FittedPrompt prompt, EngineFacts facts, string? grammar) => new()
    {
        Prompt = prompt.Tokens,
        MaxTokens = Sampling.MaxTokens(facts.ContextLength, Warnings),
        Sampling = Sampling.For(facts.ContextLength, facts.VocabularySize, grammar),
        Stop = Sampling.Stop,
        TopLogprobs = TopLogprobs,
        Shift = Shift,
        KeepTokens = Sampling.NumKeep < 0 ? prompt.Tokens.Length : (int)Math.Min((long)Sampling.NumKeep + (facts.AddsBos ? 1 : 0), prompt.Tokens.Length),
        Priority = Priority,
    };
}

/// <summary>How the model is to be loaded.</summary>
/// <param name="Settings">What the request and the model say.</param>
/// <param name="Reload">The request has load options: a model that is loaded otherwise is loaded again.</param>
/// <param name="KeepAlive">How long it stays afterwards; null keeps what it has.</param>
internal sealed record LoadPlan(LoadSettings Settings, bool Reload, TimeSpan? KeepAlive);
