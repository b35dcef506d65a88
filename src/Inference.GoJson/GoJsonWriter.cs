using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace Inference.GoJson;

/// <summary>
/// Writes what Go's json.Marshal would, byte for byte. Objects are written as the literal text between their values, so a shape
/// reads as it looks on the wire; nothing is allocated.
/// </summary>
public readonly struct GoJsonWriter(IBufferWriter<byte> output)
{
    // Besides what JSON demands: <, > and &, so that the text can stand in HTML, and the two line ends that JavaScript once took
    // for its own. Halves of surrogate pairs show when they are transcoded.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)) + "\"\\<>&\u2028\u2029");

    /// <summary>JSON as it is.</summary>
    public void Raw(ReadOnlySpan<byte> json) => output.Write(json);

    /// <summary>A text in quotes.</summary>
    public void String(ReadOnlySpan<char> text)
    {
        Raw("\""u8);
        StringPart(text);
        Raw("\""u8);
    }

    /// <summary>A piece of a text, without quotes.</summary>
    public void StringPart(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            var stop = text.IndexOfAny(Escaped);
            Plain(stop < 0 ? text : text[..stop]);
            if (stop < 0)
            {
                return;
            }

            Escape(text[stop]);
            text = text[(stop + 1)..];
        }
    }

    /// <summary>A key of an object and its colon.</summary>
    public void Key(ReadOnlySpan<char> key)
    {
        String(key);
        Raw(":"u8);
    }

    /// <summary>An integer.</summary>
    public void Int(long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    /// <summary>An integer without a sign.</summary>
    public void Unsigned(ulong value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    /// <summary>A truth value.</summary>
    public void Bool(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>A finite float64: the fewest digits that read back the same, plainly from 1e-6 to below 1e21, else with an exponent.</summary>
    public void Double(double value) => output.Advance(GoNumber.Format(value, output.GetSpan(GoNumber.LongestText)));

    /// <summary>A finite float32, with the fewest digits that read back the same float32.</summary>
    public void Float(float value) => output.Advance(GoNumber.Format(value, output.GetSpan(GoNumber.LongestText)));

    /// <summary>A time in quotes, with the offset that it has.</summary>
    public void Time(DateTimeOffset time)
    {
        Raw("\""u8);
        TimePart(time);
        Raw("\""u8);
    }

    /// <summary>A time, without quotes.</summary>
    public void TimePart(DateTimeOffset time) => output.Advance(GoTime.Format(time, output.GetSpan(GoTime.LongestText)));

    /// <summary>Bytes, in quotes and base64.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Raw("\""u8);
        Base64.EncodeToUtf8(bytes, output.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var written);
        output.Advance(written);
        Raw("\""u8);
    }

    /// <summary>An array.</summary>
    public void List<T>(IEnumerable<T> items, Action<GoJsonWriter, T> write)
    {
        Raw("["u8);
        var separator = ""u8;
        foreach (var item in items)
        {
            Raw(separator);
            write(this, item);
            separator = ","u8;
        }

        Raw("]"u8);
    }

    private void Plain(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            var result = Utf8.FromUtf16(text, output.GetSpan(Math.Min(text.Length * 3, 4096)), out var read, out var written, replaceInvalidSequences: false);
            output.Advance(written);
            text = text[read..];
            if (result is OperationStatus.InvalidData)
            {
                Raw(@"\ufffd"u8);
                text = text[1..];
            }
        }
    }

    private void Escape(char c)
    {
        switch (c)
        {
            case '"':
                Raw("\\\""u8);
                return;
            case '\\':
                Raw(@"\\"u8);
                return;
            case '\b':
                Raw(@"\b"u8);
                return;
            case '\f':
                Raw(@"\f"u8);
                return;
            case '\n':
                Raw(@"\n"u8);
                return;
            case '\r':
                Raw(@"\r"u8);
                return;
            case '\t':
                Raw(@"\t"u8);
                return;
            default:
                var hex = output.GetSpan(6);
                @"\u"u8.CopyTo(hex);
                Utf8Formatter.TryFormat((int)c, hex[2..], out _, new StandardFormat('x', 4));
                output.Advance(6);
                return;
        }
    }
}
