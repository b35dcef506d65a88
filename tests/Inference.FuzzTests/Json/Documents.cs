using System.Globalization;
using System.Text;

namespace Inference.FuzzTests.Json;

/// <summary>Makes request bodies from their types: fields in any order, some missing, some twice, some written otherwise, some wrong.</summary>
/// <param name="random">Decides everything.</param>
/// <param name="wrong">How many of a hundred values do not fit their type.</param>
internal sealed class Documents(Random random, int wrong)
{
    private const int Deepest = 5;

    private static readonly string[] TextPieces =
    [
        "a", "B", "toy", "user", "Assistant", "[img]", " ", "é", "中", "\U0001F600", "<&>", "\u2028", "\u007f", "\\n", "\\\"", "\\\\", "\\/", "\\b", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\u0000", "\uFFFD",
    ];

    private static readonly string[] Durations =
        ["5m", "1h30m", "-1s", "0", "1.5h", ".5s", "100ms", "10\u00b5s", "+3us", "2562047h47m16.854775807s", "1.h"];

    private static readonly string[] BadDurations = ["", "5", "abc", "1h-1m", "5 m", ".", "-", "5d", "é", "99999999999999h", "1h\\u0001", "\\\"", "5m5", "9223372036854775808ns", "-\\u00a0"];

    private static readonly string[] Images = ["", "AAAA", "AAA=", "AA==", "aGVs\\nbG8=", "/+9a", "\\u0041AAA"];

    private static readonly string[] BadImages = ["A", "abc", "AAAAA", "AA=", "AA=A", "A-_A", "AAA=AAAA", "AAAA=", "data:image/png;base64,AAAA", "éAAA", "AAAA AAAA", "=", "AA\\nA", "\\u00e9AAA"];

    private readonly StringBuilder _text = new();

    public static byte[] Make(Random random, Shape shape, int wrong)
    {
        var document = new Documents(random, wrong);
        document.Value(shape, 0);
        return Encoding.UTF8.GetBytes(document._text.ToString());
    }

    private bool Chance(int ofHundred) => random.Next(100) < ofHundred;

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];

    private void Space()
    {
        if (Chance(10))
        {
            _text.Append(Pick([" ", "\n", "\t", "\r\n ", "  "]));
        }
    }

    private void Value(Shape shape, int depth)
    {
        Space();
        if (depth > 0 && Chance(6))
        {
            _text.Append("null");
        }
        else if (Chance(wrong))
        {
            Untyped(depth);
        }
        else
        {
            Fitting(shape, depth);
        }

        Space();
    }

    private void Fitting(Shape shape, int depth)
    {
        switch (shape)
        {
            case Shape.Text:
                Text();
                return;
            case Shape.Bool or Shape.BoolPointer:
                _text.Append(Pick(["true", "false"]));
                return;
            case Shape.Int:
                _text.Append(Chance(wrong) ? Pick(["1.5", "1e1", "9223372036854775808", "99999999999999999999", "-9223372036854775809", "1.0"]) : Pick(["0", "1", "-0", "20", "-3", "2147483647"]));
                return;
            case Shape.Map:
                Object(depth, () => Untyped(depth + 1));
                return;
            case Shape.KeepAlive:
                _text.Append(Chance(50) ? Pick(["0", "-0", "300", "-1", "1.5", "0.000000001", "1e300"]) : Quoted(Chance(wrong) ? BadDurations : Durations));
                return;
            case Shape.Think:
                _text.Append(Pick(["true", "false", "\"low\"", "\"medium\"", "\"high\"", "\"max\"", Chance(wrong) ? "\"High\"" : "true", Chance(wrong) ? "\"\\u00a0\\t\"" : "false"]));
                return;
            case Shape.Image:
                Image(depth);
                return;
            case Shape.PropertyType when Chance(50):
                Text();
                return;
            case Shape.PropertyType:
                Array(depth, new Shape.Text());
                return;
            case Shape.ListOf list:
                Array(depth, list.Element());
                return;
            case Shape.Ordered ordered:
                Object(depth, () => Value(ordered.Value(), depth + 1));
                return;
            case Shape.Struct @struct:
                Fields(@struct, depth);
                return;
            case Shape.Message message:
                Fields(message.Inner, depth);
                return;
            default:
                Untyped(depth);
                return;
        }
    }

    private void Image(int depth)
    {
        if (Chance(70))
        {
            _text.Append(Quoted(Chance(wrong) ? BadImages : Images));
        }
        else
        {
            List(depth, () => _text.Append(Chance(wrong) ? Pick(["256", "-1", "-0", "1.5", "\"a\""]) : Pick(["0", "7", "255", "null"])));
        }
    }

    private void Fields(Shape.Struct shape, int depth)
    {
        _text.Append('{');
        var separator = "";
        // On the way down it gets thinner, so that it ends.
        var count = random.Next(depth > Deepest ? 1 : shape.Fields.Length + 2);
        for (var i = 0; i < count; i++)
        {
            _text.Append(separator);
            separator = ",";
            Space();
            if (Chance(8))
            {
                Text();
                _text.Append(':');
                Untyped(depth + 1);
            }
            else
            {
                var field = Pick(shape.Fields);
                _text.Append('"').Append(Spelled(field.Name)).Append("\":");
                if (field.Often.Length > 0 && Chance(50))
                {
                    _text.Append(Pick(field.Often));
                }
                else
                {
                    Value(field.Of, depth + 1);
                }
            }
        }

        Space();
        _text.Append('}');
    }

    // Go finds a key whatever its case, and whatever folds into its letters; an escape in it is read first.
    private string Spelled(string name) => random.Next(20) switch
    {
        0 => name.ToUpperInvariant(),
        1 => string.Concat(name.Select(c => Chance(50) ? char.ToUpperInvariant(c) : c)),
        2 => name.Replace('s', '\u017F').Replace('k', '\u212A'),
        3 => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)name[0]:x4}{name[1..]}"),
        4 when Chance(wrong) => name + Pick([" ", "\\u0000", "s", "\u0130"]),
        _ => name,
    };

    private void Untyped(int depth)
    {
        switch (random.Next(depth > Deepest ? 5 : 7))
        {
            case 0:
                _text.Append("null");
                return;
            case 1:
                _text.Append(Pick(["true", "false"]));
                return;
            case 2:
                _text.Append(Number());
                return;
            case 3 or 4:
                Text();
                return;
            case 5:
                List(depth, () => Untyped(depth + 1));
                return;
            default:
                Object(depth, () => Untyped(depth + 1));
                return;
        }
    }

    private string Number()
    {
        if (Chance(wrong))
        {
            return Pick(["1e999", "-1e400", "1e309"]);
        }

        var sign = Chance(30) ? "-" : "";
        var fraction = Chance(40) ? $".{random.Next(100_000).ToString(CultureInfo.InvariantCulture)}" : "";
        var exponent = Chance(30) ? $"{Pick(["e", "E"])}{Pick(["", "+", "-"])}{random.Next(300).ToString(CultureInfo.InvariantCulture)}" : "";
        return $"{sign}{random.Next(Chance(50) ? 10 : 1_000_000).ToString(CultureInfo.InvariantCulture)}{fraction}{exponent}";
    }

    private void Text()
    {
        _text.Append('"');
        for (var i = random.Next(5); i > 0; i--)
        {
            _text.Append(Pick(TextPieces));
        }

        _text.Append('"');
    }

    private string Quoted(string[] texts) => $"\"{Pick(texts)}\"";

    private void Array(int depth, Shape element) => List(depth, () => Value(element, depth + 1));

    private void List(int depth, Action element)
    {
        _text.Append('[');
        for (var i = random.Next(depth > Deepest ? 1 : 4); i > 0; i--)
        {
            element();
            _text.Append(i > 1 ? "," : "");
        }

        _text.Append(']');
    }

    private void Object(int depth, Action value)
    {
        _text.Append('{');
        for (var i = random.Next(depth > Deepest ? 1 : 4); i > 0; i--)
        {
            if (Chance(60))
            {
                _text.Append(Quoted(["a", "b", "\\u0061", "temperature", "stop"]));
            }
            else
            {
                Text();
            }

            _text.Append(':');
            value();
            _text.Append(i > 1 ? "," : "");
        }

        _text.Append('}');
    }
}
