namespace Inference.Llama;

/// <summary>How the next token is chosen. Names and defaults are Ollama's; checked here only as far as the natives need.</summary>
public sealed record SamplingParameters
{
    /// <summary>0 and below always takes the likeliest token: of the rest only penalties, bias and grammar then matter.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keeps the k likeliest tokens; 0 and below keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keeps the smallest set of tokens whose probabilities add up to p; 1 keeps all.</summary>
    public float TopP { get; init; } = 0.9f;

    /// <summary>Keeps tokens at least this likely relative to the likeliest; 0 keeps all.</summary>
    public float MinP { get; init; }

    /// <summary>Locally typical sampling; 1 is off.</summary>
    public float TypicalP { get; init; } = 1f;

    /// <summary>Keeps tokens within n standard deviations of the best score; 0 and below is off.</summary>
    public float TopNSigma { get; init; }

    /// <summary>Now and then leaves out the likeliest tokens; null is off.</summary>
    public XtcParameters? Xtc { get; init; }

    /// <summary>Penalizes repeating a sequence, the more the longer it is; null is off.</summary>
    public DryParameters? Dry { get; init; }

    /// <summary>Window of the penalties in tokens, 0 and up; above 65,536 it is that. -1 must have been made the context length.</summary>
    public int RepeatLastN { get; init; } = 64;

    public float RepeatPenalty { get; init; } = 1f;

    public float PresencePenalty { get; init; }

    public float FrequencyPenalty { get; init; }

    public uint Seed { get; init; }

    /// <summary>GBNF with a rule <c>root</c>; null for none.</summary>
    public string? Grammar { get; init; }

    /// <summary>Added to the scores of single tokens; -100 and below never produces the token. Ids that the model does not have are passed over.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    internal bool HasPenalties => RepeatLastN > 0 && (RepeatPenalty != 1 || PresencePenalty != 0 || FrequencyPenalty != 0);

    /// <summary>How many of the likeliest tokens decide what comes: 1 without any choice, 0 where it depends on all.</summary>
    internal int Deciding => this switch
    {
        { HasPenalties: true } or { HasDry: true } => 0,
        { Temperature: <= 0 } => 1,
        { TopNSigma: > 0 } => 0,
        { TopK: > 0 and <= MostDeciding } => TopK,
        _ => 0,
    };

    private const int MostDeciding = 128; // llama.cpp sorts more of them faster

    internal bool HasDry => Dry is { Multiplier: not 0, PenaltyLastN: > 0 };
}

/// <summary>Exclude-top-choices sampling. Defaults are the contract's.</summary>
public sealed record XtcParameters
{
    /// <summary>Chance that it acts on a token, 0 to 1.</summary>
    public float Probability { get; init; } = 0.5f;

    /// <summary>Tokens at least this likely are left out, but for the least likely of them. 0 to 0.5.</summary>
    public float Threshold { get; init; } = 0.1f;
}

/// <summary>Don't-repeat-yourself sampling. Defaults are the contract's.</summary>
public sealed record DryParameters
{
    /// <summary>Most breakers, and most characters of one: each is looked for in the whole vocabulary when the chain is made.</summary>
    public const int MostBreakers = 32;
    public const int LongestBreaker = 40;

    /// <summary>Strength; 0 is off.</summary>
    public float Multiplier { get; init; } = 0.8f;

    /// <summary>Base of the exponential growth, 1 and up.</summary>
    public float Base { get; init; } = 1.75f;

    /// <summary>Length of a repetition, in tokens, that goes unpunished.</summary>
    public int AllowedLength { get; init; } = 2;

    /// <summary>Tokens to look back over, 0 (off) and up; above 65,536 it is that. -1 must have been made the context length.</summary>
    public int PenaltyLastN { get; init; } = 65_536;

    /// <summary>Texts that interrupt a repetition. Empty means newline, colon, quotation mark, asterisk.</summary>
    public IReadOnlyList<string> SequenceBreakers { get; init; } = [];
}
