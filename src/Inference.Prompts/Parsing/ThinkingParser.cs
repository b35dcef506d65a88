namespace Inference.Prompts.Parsing;

/// <summary>
/// Splits thinking from text. Thinking begins with the opening tag, before which only white space may stand, and ends with
/// the closing one; white space behind either is dropped. A text that begins otherwise holds no thinking.
/// </summary>
internal sealed class ThinkingParser((string Open, string Close) tags, bool startsInside)
{
    private State _state = startsInside ? State.SpaceBeforeThinking : State.Opening;
    private string _held = "";

    private enum State
    {
        Opening,
        SpaceBeforeThinking,
        Thinking,
        SpaceBeforeText,
        Text,
    }

    public bool IsThinking => _state is State.SpaceBeforeThinking or State.Thinking;

    public bool HoldsBack => _held.Length > 0;

    /// <summary>A text without the thinking at its beginning.</summary>
    public static string WithoutThinking(string content)
    {
        var parser = new ThinkingParser(("<think>", "</think>"), startsInside: false);
        return parser.Feed(content).Text;
    }

    /// <returns>What became certain; both may be empty.</returns>
    public (string Thinking, string Text) Feed(string piece)
    {
        if (_state == State.Text)
        {
            return ("", piece);
        }

        var (thinking, rest) = ("", _held.Length > 0 ? _held + piece : piece);
        _held = "";
        if (_state == State.Opening && !Open(ref rest))
        {
            return ("", rest);
        }

        SkipSpace(State.SpaceBeforeThinking, State.Thinking, ref rest);
        if (_state == State.Thinking)
        {
            thinking = TakeThinking(ref rest);
        }

        SkipSpace(State.SpaceBeforeText, State.Text, ref rest);
        return (thinking, rest);
    }

    /// <returns>What was held back, for what it looked like.</returns>
    public (string Thinking, string Text) End()
    {
        var held = _held;
        _held = "";
        return _state switch
        {
            State.Thinking => (held, ""),
            State.Opening when !string.IsNullOrWhiteSpace(held) => ("", held),
            _ => ("", ""),
        };
    }

    // False where there is nothing to go on with: the tag is incomplete, or the text does not begin with it.
    private bool Open(ref string text)
    {
        var trimmed = text.AsSpan().TrimStart();
        if (trimmed.StartsWith(tags.Open, StringComparison.Ordinal))
        {
            text = trimmed[tags.Open.Length..].ToString();
            _state = State.SpaceBeforeThinking;
            return true;
        }

        if (tags.Open.AsSpan().StartsWith(trimmed, StringComparison.Ordinal))
        {
            (_held, text) = (text, "");
        }
        else
        {
            _state = State.Text;
        }

        return false;
    }

    private void SkipSpace(State from, State to, ref string text)
    {
        if (_state == from)
        {
            text = text.TrimStart();
            _state = text.Length > 0 ? to : from;
        }
    }

    private string TakeThinking(ref string text)
    {
        var close = text.IndexOf(tags.Close, StringComparison.Ordinal);
        if (close < 0)
        {
            var sure = text.Length - TagOverlap.Of(text, tags.Close);
            (var certain, _held, text) = (text[..sure], text[sure..], "");
            return certain;
        }

        var thinking = text[..close];
        text = text[(close + tags.Close.Length)..];
        _state = State.SpaceBeforeText;
        return thinking;
    }
}
