using Inference.Errors;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.Rendering;
using Inference.V1;

namespace Inference.Services.Prompting;

/// <summary>A conversation, of which the oldest messages may be left out; system messages and the last one stay.</summary>
internal sealed class Conversation : Prompt
{
    private readonly PromptTemplate _template;
    private readonly ChatPrompt _prompt;
    private readonly TimeProvider _time;
    private readonly RenderedPrompt _whole;

    /// <exception cref="TemplateException">The template fails on these messages.</exception>
    public Conversation(PromptTemplate template, ChatPrompt prompt, TimeProvider time)
    {
        (_template, _prompt, _time) = (template, prompt, time);
        _whole = PromptRenderer.Chat(template, prompt, time);
    }

    public override string Text => _whole.Text;

    public override FittedPrompt Draw(FitRules rules, Tokenize tokenize)
    {
        var whole = new Attempt(_whole, Dropped: 0, rules.DropsMessages ? TryTokenize(_whole.Text, tokenize) : tokenize(_whole.Text, addSpecial: true));
        // Ollama lets messages fill the context to the last token (server/prompt.go), and then cuts the text. Where that is not allowed,
        // the answer's place has to come from the messages as well.
        var room = rules.CutsMiddle ? rules.ContextLength : rules.Room;
        var chosen = rules.DropsMessages && !whole.Fits(room) ? Shorten(room, tokenize) : whole;
        var tokens = chosen.Tokens ?? tokenize(chosen.Rendered.Text, addSpecial: true); // throws what is wrong with the text
        var dropped = chosen.Dropped == 0 ? 0 : Math.Max((whole.Tokens?.Length ?? Count(_whole.Text, tokenize)) - tokens.Length, 0);
        return new FittedPrompt(chosen.Rendered.Text, tokens, chosen.Rendered.Media.Count, chosen.Dropped, dropped);
    }

    // Fewer messages have fewer tokens: the place where they begin to fit is found by halving, not by trying one after the other.
    private Attempt Shorten(int room, Tokenize tokenize)
    {
        var last = _prompt.Messages.Count - 1;
        var (low, high) = (Math.Min(1, last), last);
        Attempt? best = null;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var attempt = Without(middle, tokenize);
            if (attempt.Fits(room))
            {
                (high, best) = (middle, attempt);
            }
            else
            {
                low = middle + 1;
            }
        }

        return best ?? Without(last, tokenize);
    }

    private Attempt Without(int first, Tokenize tokenize)
    {
        var messages = _prompt.Messages.Take(first).Where(static m => m.IsSystem()).Concat(_prompt.Messages.Skip(first)).ToList();
        var rendered = PromptRenderer.Chat(_template, _prompt with { Messages = messages }, _time);
        return new Attempt(rendered, _prompt.Messages.Count - messages.Count, TryTokenize(rendered.Text, tokenize));
    }

    // A history may be longer than the tokenizer takes at once, and still have an end that fits.
    private static int[]? TryTokenize(string text, Tokenize tokenize)
    {
        try
        {
            return tokenize(text, addSpecial: true);
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.FieldInvalid)
        {
            return null;
        }
    }

    // About: where a text is parted, a token may become two.
    private static int Count(ReadOnlySpan<char> text, Tokenize tokenize) =>
        TryTokenize(text.ToString(), tokenize)?.Length ?? Count(text[..(text.Length / 2)], tokenize) + Count(text[(text.Length / 2)..], tokenize);

    /// <summary>The conversation without some messages; the tokens are null where the text is longer than can be tokenized.</summary>
    private sealed record Attempt(RenderedPrompt Rendered, int Dropped, int[]? Tokens)
    {
        public bool Fits(int length) => Tokens is { } tokens && tokens.Length <= length;
    }
}
