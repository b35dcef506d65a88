using Inference.GoJson;

namespace Inference.FuzzTests.Texts;

/// <summary>Go's durations against a reading of their own with whole numbers of any length, and against what Go said of some.</summary>
public sealed class DurationFuzzTests
{
    private const int Cases = 100_000;

    private static readonly string[] Pieces =
        ["0", "1", "9", "00", "12", "2562047", "9223372036854775807", "9223372036854775808", "999999999999999999999", "0.1", ".", ".5", "0.3333333333333333333", "-", "+", "h", "m", "s", "ms", "us", "\u00b5s", "\u03bcs", "ns", "d", " ", "e3", "1h", "5m", "\"", "\\", "é", "\u0001"];

    [Fact]
    public void Text_MadeOfPieces_IsReadAsByTheReference() => Fuzz.Each(
        Cases,
        static random => string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => Pieces[random.Next(Pieces.Length)])),
        static text => (GoDuration.TryParse(text, out var nanoseconds, out var problem) ? nanoseconds : (long?)null) == DurationReference.Read(text) ? null : $"{nanoseconds} {problem}, and {DurationReference.Read(text)}",
        static text => Enumerable.Range(0, text.Length).Select(i => text.Remove(i, 1)),
        static text => Bytes.Show(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Text_OfTheCorpus_IsWhatGoSaid()
    {
        var cases = 0;
        foreach (var line in Corpus.Lines("durations.txt"))
        {
            var text = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(line[0]));
            var said = GoDuration.TryParse(text, out var nanoseconds, out var problem) ? Json.Printed.Int(nanoseconds) : Json.Dump.Problem(problem);
            Assert.Equal(string.Join(' ', line[1..]), said);
            cases++;
        }

        Assert.InRange(cases, 300, int.MaxValue);
    }
}
