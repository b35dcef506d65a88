using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Inference.GoJson;

namespace Inference.FuzzTests.Texts;

/// <summary>Numbers as encoding/json prints them: they read back as themselves, are as short as that can be, and have Go's form.</summary>
public sealed partial class FloatFuzzTests
{
    private const int Cases = 100_000;

    [Fact]
    public void Double_Printed_ReadsBackAndIsShort() => Fuzz.Each(Cases, Double, static number => Problem(number, Printed(number)), static _ => [], static n => n.ToString("R", CultureInfo.InvariantCulture));

    [Fact]
    public void Float_Printed_ReadsBackAndIsShort() => Fuzz.Each(
        Cases,
        static random => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)) is var f && float.IsFinite(f) ? f : random.Next(100) / 8f,
        static number =>
        {
            var text = Printed(number);
            return BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture)) == BitConverter.SingleToInt32Bits(number) && Form(text, Math.Abs(number) is > 0 and (< 1e-6f or >= 1e21f)) ? null : text;
        },
        static _ => [],
        static n => n.ToString("R", CultureInfo.InvariantCulture));

    [Fact]
    public void Text_ShortestG_ReadsBack() => Fuzz.Each(
        Cases,
        Double,
        static number => BitConverter.DoubleToInt64Bits(double.Parse(GoFloatText.Format(number, 'g', -1), CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(number) ? null : GoFloatText.Format(number, 'g', -1),
        static _ => [],
        static n => n.ToString("R", CultureInfo.InvariantCulture));

    private static string? Problem(double number, string text)
    {
        if (BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)) != BitConverter.DoubleToInt64Bits(number))
        {
            return $"{text} is another number";
        }

        // One digit less is another number.
        var digits = Digits(text);
        var shorter = digits.Length > 1 ? double.Parse(number.ToString($"E{digits.Length - 2}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : double.NaN;
        return shorter == number ? $"{text} is longer than it need be"
            : Form(text, Math.Abs(number) is > 0 and (< 1e-6 or >= 1e21)) ? null
            : $"{text} has not Go's form";
    }

    private static string Digits(string text) => text.Split('e')[0].Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0').TrimEnd('0');

    private static bool Form(string text, bool exponential) => (exponential ? Exponential() : Plain()).IsMatch(text);

    private static double Double(Random random) => random.Next(3) switch
    {
        0 => random.Next(-1_000_000, 1_000_000) / 1000.0,
        1 => random.NextDouble() * Math.Pow(10, random.Next(-30, 30)),
        _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)) is var d && double.IsFinite(d) ? d : -0.0,
    };

    private static string Printed(double number)
    {
        var text = new ArrayBufferWriter<byte>();
        new GoJsonWriter(text).Double(number);
        return Encoding.ASCII.GetString(text.WrittenSpan);
    }

    private static string Printed(float number)
    {
        var text = new ArrayBufferWriter<byte>();
        new GoJsonWriter(text).Float(number);
        return Encoding.ASCII.GetString(text.WrittenSpan);
    }

    [GeneratedRegex("^-?(0|[1-9][0-9]{0,20})(\\.[0-9]*[1-9])?\\z")]
    private static partial Regex Plain();

    [GeneratedRegex("^-?[1-9](\\.[0-9]*[1-9])?e(\\+[1-9][0-9]+|-[1-9][0-9]*)\\z")]
    private static partial Regex Exponential();
}
