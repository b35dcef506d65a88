using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Inference.ContractTests.Facade;

/// <summary>One answer on a connection that may carry more: as it was sent, without what differs each time.</summary>
/// <param name="Status">The status line.</param>
/// <param name="Headers">The headers, in the order of the alphabet.</param>
/// <param name="Chunks">The body: its chunks, or all of it.</param>
internal sealed partial record WireAnswer(string Status, IReadOnlyList<string> Headers, IReadOnlyList<string> Chunks)
{
    /// <summary>How the header begins that is added to every answer here.</summary>
    public const string Id = "X-Request-Id: ";

    public bool IsLast => Headers.Contains("Connection: close")
        || (Status.StartsWith("HTTP/1.0", StringComparison.Ordinal) && !Headers.Contains("Connection: keep-alive"));

    /// <summary>The methods that were asked with, in order.</summary>
    public static IReadOnlyList<string> Methods(string sent) => [.. RequestLine().Matches(sent).Select(static m => m.Groups[1].Value)];

    /// <param name="received">What has come so far.</param>
    /// <param name="methods">What was asked with: an answer to HEAD has no body.</param>
    /// <param name="ended">Whether nothing more will come.</param>
    /// <returns>The answers that are complete.</returns>
    public static List<WireAnswer> Parse(string received, IReadOnlyList<string> methods, bool ended)
    {
        var answers = new List<WireAnswer>();
        for (var rest = received; rest.IndexOf("\r\n\r\n", StringComparison.Ordinal) is > 0 and var end;)
        {
            var lines = rest[..end].Split("\r\n");
            var method = methods.ElementAtOrDefault(answers.Count(static a => !a.Status.Contains(" 100 ", StringComparison.Ordinal)));
            var body = Body(rest[(end + 4)..], lines, method, ended, out var left);
            if (body is null)
            {
                break;
            }

            answers.Add(new WireAnswer(lines[0], [.. lines.Skip(1).Where(static l => !l.StartsWith("Date: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)], body));
            rest = left;
        }

        return answers;
    }

    /// <summary>For comparison: without ids and times, and without a length that depends on them.</summary>
    public string Steady()
    {
        var chunks = Chunks.Select(static c => Varying().Replace(c, "")).ToList();
        var headers = Headers.Where(h => !h.StartsWith(Id, StringComparison.OrdinalIgnoreCase) && !(h.StartsWith("Content-Length: ", StringComparison.Ordinal) && !chunks.SequenceEqual(Chunks)));
        return string.Join("\n", [Status, .. headers, "", .. chunks]);
    }

    private static string[]? Body(string rest, string[] lines, string? method, bool ended, out string left)
    {
        left = rest;
        if (method == "HEAD" || lines[0].Contains(" 100 ", StringComparison.Ordinal) || lines[0].Contains(" 204 ", StringComparison.Ordinal))
        {
            return [];
        }

        if (Array.Find(lines, static l => l.StartsWith("Content-Length: ", StringComparison.Ordinal)) is { } counted)
        {
            var length = int.Parse(counted["Content-Length: ".Length..], CultureInfo.InvariantCulture);
            left = rest.Length >= length ? rest[length..] : rest;
            return rest.Length >= length ? [rest[..length]] : null;
        }

        if (!lines.Contains("Transfer-Encoding: chunked"))
        {
            left = "";
            return ended ? [rest] : null;
        }

        var chunks = new List<string>();
        while (left.IndexOf("\r\n", StringComparison.Ordinal) is > 0 and var at && int.Parse(left[..at], NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var size && left.Length >= at + 4 + size)
        {
            var chunk = left.Substring(at + 2, size);
            left = left[(at + 4 + size)..];
            if (size == 0)
            {
                return [.. chunks];
            }

            chunks.Add(chunk);
        }

        return null;
    }

    [GeneratedRegex(@"([A-Za-z]+) \S+ HTTP/\d")]
    private static partial Regex RequestLine();

    [GeneratedRegex("\"(total|load|prompt_eval|eval)_duration\":[0-9]+,?|\"created_at\":\"[^\"]*\",?|(?<=\"(created|created_at|completed_at)\":)[0-9]+|(?<=\"(chatcmpl-|resp_|msg_))[a-z0-9]+")]
    private static partial Regex Varying();
}
