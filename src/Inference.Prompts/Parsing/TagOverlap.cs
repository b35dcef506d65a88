namespace Inference.Prompts.Parsing;

internal static class TagOverlap
{
    /// <summary>How many characters at the end of a text may be the beginning of a tag.</summary>
    public static int Of(ReadOnlySpan<char> text, ReadOnlySpan<char> tag)
    {
        for (var length = Math.Min(text.Length, tag.Length - 1); length > 0; length--)
        {
            if (text.EndsWith(tag[..length], StringComparison.Ordinal))
            {
                return length;
            }
        }

        return 0;
    }
}
