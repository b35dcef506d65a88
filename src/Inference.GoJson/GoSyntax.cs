using Inference.Errors;

namespace Inference.GoJson;

/// <summary>What Go's scanner says of a text that is not JSON (encoding/json, scanner.go).</summary>
internal static class GoSyntax
{
    // encoding/json, scanner.go: maxNestingDepth.
    public const int DeepestNesting = 10_000;

    public const string End = "unexpected EOF";

    public static GoJsonException UnexpectedEnd() => new(End);

    /// <param name="found">The byte that does not belong there.</param>
    /// <param name="context">Where, in Go's words, for example <c>after array element</c>.</param>
    public static GoJsonException Unexpected(byte found, string context) => new($"invalid character {Quote(found)} {context}");

    // quoteChar: the byte, read as a Latin-1 rune, in strconv.Quote's form but between single quotes.
    private static string Quote(byte found) => found switch
    {
        (byte)'\'' => @"'\''",
        (byte)'"' => "'\"'",
        _ => $"'{GoQuote.Quote(((char)found).ToString())[1..^1]}'",
    };
}
