using System.Collections;
using System.Globalization;
using System.Text;
using Inference.Errors;

namespace Inference.FuzzTests.Texts;

/// <summary>Go's <c>%q</c>: the printable characters are those of Unicode's own tables, and a text can be read back from its quotes.</summary>
public sealed class QuoteFuzzTests
{
    private const int Cases = 20_000;

    [Fact]
    public void Quote_EachCharacter_ShowsWhatUnicode15CanPrint()
    {
        var printable = Printable();
        var wrong = new List<string>();
        for (var value = 0x7f; value <= 0x10ffff; value++)
        {
            if (Rune.IsValid(value))
            {
                var rune = new Rune(value);
                var expected = printable[value] ? rune.ToString() : value < 0x80 ? $"\\x{value:x2}" : value < 0x10000 ? $"\\u{value:x4}" : $"\\U{value:x8}";
                if (GoQuote.Quote(rune.ToString()) != $"\"{expected}\"")
                {
                    wrong.Add($"{value:x}");
                }
            }
        }

        Assert.Equal([], wrong);
    }

    [Fact]
    public void Quote_AnyText_ReadsBack() => Fuzz.Each(
        Cases,
        static random => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Character(random))),
        static text => Unquoted(GoQuote.Quote(text)) == text ? null : GoQuote.Quote(text),
        static text => Enumerable.Range(0, text.Length).Select(i => text.Remove(i, 1)),
        static text => Bytes.Show(Encoding.UTF8.GetBytes(text)));

    private static BitArray Printable()
    {
        var all = new BitArray(0x110000);
        foreach (var run in Corpus.Lines("printable.txt").Select(static l => Array.ConvertAll(l, static h => int.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture))))
        {
            for (var value = run[0]; value <= run[1]; value++)
            {
                all[value] = true;
            }
        }

        return all;
    }

    private static string Character(Random random)
    {
        var value = random.Next(random.Next(3) switch { 0 => 0x80, 1 => 0x3000, _ => 0x110000 });
        return Rune.IsValid(value) ? new Rune(value).ToString() : "\uFFFD";
    }

    // Go's syntax of string literals.
    private static string Unquoted(string quoted)
    {
        var text = new StringBuilder();
        for (var i = 1; i < quoted.Length - 1; i++)
        {
            if (quoted[i] != '\\')
            {
                text.Append(quoted[i]);
                continue;
            }

            var digits = quoted[++i] switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            text.Append(digits == 0
                ? "\a\b\f\n\r\t\v\\\""["abfnrtv\\\"".IndexOf(quoted[i], StringComparison.Ordinal)].ToString()
                : new Rune(int.Parse(quoted.AsSpan(i + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
            i += digits;
        }

        return text.ToString();
    }
}
