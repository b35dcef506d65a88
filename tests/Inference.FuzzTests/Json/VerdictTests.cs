using System.Text;
using System.Text.Json;
using Inference.GoJson;

namespace Inference.FuzzTests.Json;

/// <summary>
/// Which bytes are JSON at all: our scanner against the framework's reader.
/// </summary>
/// <remarks>
/// Both read the first value only, allow the same nesting, and look neither into UTF-8 nor into surrogates while they walk; comments and
/// trailing commas are off in both. They differ in one thing: the framework wants a delimiter behind a bare number or word, where Go ends the
/// value before the first byte that does not belong to it (<c>1x</c> is 1). So what ours takes is shown to the framework as far as ours took it.
/// </remarks>
public sealed class VerdictTests
{
    private const int Cases = 20_000;

    private static readonly JsonReaderOptions SameRules = new() { MaxDepth = 10_000, AllowMultipleValues = true };
    private static readonly string[] Routes = [.. Requests.All.Keys];

    [Fact]
    public void Body_Damaged_IsJsonWhereTheFrameworkSaysSo()
    {
        var refused = 0;
        Fuzz.Each(Cases, Damaged, body => Difference(body, ref refused), Bytes.Smaller, Bytes.Show);
        Assert.InRange(refused, Cases / 4, int.MaxValue);
    }

    [Theory]
    [InlineData("[", "]", 10_000)]
    [InlineData("[", "]", 10_001)]
    [InlineData("{\"a\":", "}", 10_000)]
    [InlineData("{\"a\":", "}", 10_001)]
    public void Nesting_HasTheSameLimit(string open, string close, int depth)
    {
        var ignored = 0;
        var text = string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
        Assert.Null(Difference(Encoding.ASCII.GetBytes(text), ref ignored));
    }

    [Fact]
    public void Corpus_IsJsonWhereTheFrameworkSaysSo()
    {
        var ignored = 0;
        Assert.All(Corpus.Bodies(), body => Assert.Null(Difference(body, ref ignored)));
    }

    private static byte[] Damaged(Random random) =>
        Bytes.Damaged(random, Documents.Make(random, Requests.All[Routes[random.Next(Routes.Length)]], wrong: 10));

    private static string? Difference(byte[] body, ref int refused)
    {
        var scanner = new GoScanner(body);
        string? problem = null;
        try
        {
            scanner.Skip();
        }
        catch (GoJsonException e)
        {
            problem = e.Message;
            refused++;
        }

        var theirs = FrameworkTakes(problem is null ? body.AsSpan(0, scanner.Position) : body);
        if (theirs != (problem is null))
        {
            return $"ours says {problem ?? "yes"}, the framework the opposite";
        }

        return TypedDifference(body, problem);
    }

    // Whoever reads into a struct walks other ways through the same bytes: syntax must not depend on them.
    private static string? TypedDifference(byte[] body, string? problem)
    {
        foreach (var route in Routes)
        {
            var said = Dump.Of(route, body);
            var syntax = said.StartsWith("!\"invalid character ", StringComparison.Ordinal) || said is "!\"unexpected EOF\"" or "!\"missing request body\"";
            if (syntax != problem is not null || (syntax && problem != "unexpected EOF" && said != Dump.Problem(problem!)))
            {
                return $"{route} says {said}, the scanner {problem}";
            }
        }

        return null;
    }

    private static bool FrameworkTakes(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, SameRules);
        try
        {
            return reader.Read() && reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
