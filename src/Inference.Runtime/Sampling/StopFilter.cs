namespace Inference.Runtime.Sampling;

/// <summary>Finds stop texts, and says how much of a text can no longer become one.</summary>
internal sealed class StopFilter(IReadOnlyList<string> stops)
{
    private readonly string[] _stops = [.. stops];

    /// <summary>The match that begins first; of several at one place the one listed first. An empty text matches at once, as in Ollama's engine.</summary>
    public (int At, string Stop)? Find(ReadOnlySpan<char> text)
    {
        (int At, string Stop)? first = null;
        foreach (var stop in _stops)
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (first is null || at < first.Value.At))
            {
                first = (at, stop);
            }
        }

        return first;
    }

    /// <summary>Characters before the first place where the rest of the text begins a stop text.</summary>
    public int SureLength(ReadOnlySpan<char> text)
    {
        var sure = text.Length;
        foreach (var stop in _stops)
        {
            for (var held = Math.Min(stop.Length - 1, text.Length); held > text.Length - sure; held--)
            {
                if (text[^held..].SequenceEqual(stop.AsSpan(0, held)))
                {
                    sure = text.Length - held;
                    break;
                }
            }
        }

        return sure;
    }
}
