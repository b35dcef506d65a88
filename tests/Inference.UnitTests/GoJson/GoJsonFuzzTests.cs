using System.Globalization;
using System.Text;
using System.Text.Json;
using Inference.GoJson;

namespace Inference.UnitTests.GoJson;

/// <summary>The reader against System.Text.Json, on texts that are JSON or were a moment ago.</summary>
public sealed class GoJsonFuzzTests
{
    private const int Rounds = 30_000;
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1_000 };

    [Fact]
    public void Any_RandomJson_IsReadAsTheFrameworkReadsIt()
    {
        var random = new Random(2_026);
        for (var i = 0; i < Rounds; i++)
        {
            var text = Value(random, depth: 0);
            using var document = JsonDocument.Parse(text, Deep);
            var read = GoAny.Object(Encoding.UTF8.GetBytes($"{{\"value\":{text}}}"))["value"];
            Assert.Equal(Plain(document.RootElement), Plain(read));
        }
    }

    [Fact]
    public void Skip_DamagedJson_IsRefusedWhereTheFrameworkRefusesIt()
    {
        var random = new Random(10);
        var refused = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var text = Damaged(random, Encoding.UTF8.GetBytes(Value(random, depth: 0)));
            var scanner = new GoScanner(text);
            var accepted = Accepts(() => scanner.Skip());
            refused += accepted ? 0 : 1;
            // Go stops at the end of the first value; the framework must see nothing behind it.
            Assert.Equal(accepted, Accepts(() => JsonDocument.Parse(accepted ? text.AsMemory(0, scanner.Position) : text, Deep).Dispose()));
        }

        Assert.InRange(refused, Rounds / 10, Rounds * 9 / 10);
    }

    private static bool Accepts(Action parse)
    {
        try
        {
            parse();
            return true;
        }
        catch (Exception e) when (e is GoJsonException or JsonException)
        {
            return false;
        }
    }

    private static byte[] Damaged(Random random, byte[] text)
    {
        const string Alphabet = "{}[]\",:\\/0123456789.eE+-truefalsn \t\n\u0001u";
        var at = random.Next(text.Length);
        var one = (byte)Alphabet[random.Next(Alphabet.Length)];
        return random.Next(3) switch
        {
            0 => [.. text[..at], .. text[(at + 1)..]],
            1 => [.. text[..at], one, .. text[at..]],
            _ => [.. text[..at], one, .. text[(at + 1)..]],
        };
    }

    private static string Value(Random random, int depth) => random.Next(depth < 6 ? 8 : 5) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        3 => Number(random),
        4 => String(random),
        5 => $"[{string.Join($"{Space(random)},{Space(random)}", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1)))}]",
        _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(i => $"{Space(random)}\"{i}{String(random)[1..]}{Space(random)}:{Value(random, depth + 1)}"))}}}",
    };

    private static string Number(Random random)
    {
        var sign = random.Next(2) == 0 ? "-" : "";
        var fraction = random.Next(2) == 0 ? $".{random.Next(100_000)}" : "";
        var exponent = random.Next(2) == 0 ? $"{"eE"[random.Next(2)]}{((string[])["", "+", "-"])[random.Next(3)]}{random.Next(300)}" : "";
        return $"{sign}{random.Next(1_000)}{fraction}{exponent}";
    }

    private static string String(Random random)
    {
        var pieces = ((string[])["a", "é", "中", "\U0001F600", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "\u007f", " "]);
        return $"\"{string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]))}\"";
    }

    private static string Space(Random random) => ((string[])["", "", " ", "\n\t", "\r"])[random.Next(5)];

    private static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Plain))}]",
        // The framework keeps what Go overwrites, but the keys here differ.
        JsonValueKind.Object => $"{{{string.Join(',', value.EnumerateObject().OrderBy(static m => m.Name, StringComparer.Ordinal).Select(static m => $"{m.Name}={Plain(m.Value)}"))}}}",
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.String => $"'{value.GetString()}'",
        var kind => kind.ToString(),
    };

    private static string Plain(object? value) => value switch
    {
        List<object?> list => $"[{string.Join(',', list.Select(Plain))}]",
        Dictionary<string, object?> map => $"{{{string.Join(',', map.OrderBy(static m => m.Key, StringComparer.Ordinal).Select(static m => $"{m.Key}={Plain(m.Value)}"))}}}",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        string text => $"'{text}'",
        null => nameof(JsonValueKind.Null),
        _ => value.ToString()!,
    };
}
