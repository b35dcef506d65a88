namespace Inference.Services.Prompting;

/// <summary>One text, perhaps after the tokens of an earlier answer.</summary>
/// <param name="text">The text.</param>
/// <param name="mediaCount">Images and sounds in it.</param>
/// <param name="context">Tokens to go on from; empty for none.</param>
/// <param name="contextText">The same, as text.</param>
internal sealed class TextPrompt(string text, int mediaCount, IReadOnlyList<int> context, Func<string> contextText) : Prompt
{
    public override string Text => context.Count == 0 ? text : contextText() + text;

    public override IReadOnlyList<int> Context => context;

    public override FittedPrompt Draw(FitRules rules, Tokenize tokenize) =>
        new(Text, Tokens(rules, tokenize), mediaCount, MessagesDropped: 0, TokensDropped: 0);

    // Earlier tokens are taken as they are: through text and back they might become others, and the prefix cache would not know them.
    private int[] Tokens(FitRules rules, Tokenize tokenize)
    {
        if (context.Count == 0)
        {
            return tokenize(text, addSpecial: true);
        }

        var tokens = tokenize(text, addSpecial: false);
        var start = rules.AddsBos ? tokenize("", addSpecial: true).AsSpan(0, 1) : [];
        return start.Length > 0 && context[0] == start[0] ? [.. context, .. tokens] : [.. start, .. context, .. tokens];
    }
}
