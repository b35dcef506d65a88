using Inference.Errors;

namespace Inference.Services.Prompting;

/// <summary>What a model shall read, rendered, before it is known how much of it fits.</summary>
internal abstract class Prompt
{
    /// <summary>All of it, as text.</summary>
    public abstract string Text { get; }

    /// <summary>Tokens that the caller gave; empty for none.</summary>
    public virtual IReadOnlyList<int> Context => [];

    /// <summary>Makes it fit, or says that it does not.</summary>
    /// <exception cref="InferenceException">CONTEXT_LENGTH_EXCEEDED.</exception>
    public FittedPrompt Fit(FitRules rules, Tokenize tokenize)
    {
        var drawn = Draw(rules, tokenize);
        return drawn.Tokens.Length <= rules.Room ? drawn
            : rules.CutsMiddle ? Cut(drawn, rules)
            : throw Catalogue.ContextLengthExceeded.For(drawn.Tokens.Length, rules.ContextLength);
    }

    /// <summary>As <see cref="Fit"/>, but shows a prompt that is too long whole.</summary>
    public abstract FittedPrompt Draw(FitRules rules, Tokenize tokenize);

    /// <summary>Leaves out the middle.</summary>
    public static FittedPrompt Cut(FittedPrompt drawn, FitRules rules)
    {
        var cut = rules.CutMiddle(drawn.Tokens);
        return drawn with { Tokens = cut, TokensDropped = drawn.TokensDropped + drawn.Tokens.Length - cut.Length };
    }
}
