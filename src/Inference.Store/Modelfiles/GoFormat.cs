using System.Globalization;
using System.Text;
using System.Text.Json;
using Inference.Errors;

namespace Inference.Store.Modelfiles;

/// <summary>Go's <c>%v</c> and <c>%#v</c> of a value that encoding/json decoded into an interface.</summary>
internal static class GoFormat
{
    /// <summary><c>%v</c>: texts as they are.</summary>
    public static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => $"[{string.Join(' ', value.EnumerateArray().Select(Plain))}]",
        JsonValueKind.Object => $"map[{string.Join(' ', Members(value).Select(static member => $"{member.Name}:{Plain(member.Value)}"))}]",
        _ => Scalar(value),
    };

    /// <summary><c>%#v</c>: as it would stand in a Go program.</summary>
    public static string Syntax(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => GoQuote.Quote(value.GetString()!),
        JsonValueKind.Array => $"[]interface {{}}{{{string.Join(", ", value.EnumerateArray().Select(Inner))}}}",
        JsonValueKind.Object => $"map[string]interface {{}}{{{string.Join(", ", Members(value).Select(static member => $"{GoQuote.Quote(member.Name)}:{Inner(member.Value)}"))}}}",
        _ => Scalar(value),
    };

    /// <summary>A float64 as both write it: strconv's 'g' with the fewest digits, so with an exponent below 1e-4 and from 1e6 on.</summary>
    public static string Number(double number)
    {
        // "R" finds the fewest digits; the form is ours: digits, and where the point stands.
        var text = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var (mantissa, exponent) = text.Split('E') is [var m, var e] ? (m, int.Parse(e, CultureInfo.InvariantCulture)) : (text, 0);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var before = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        exponent += before - (all.Length - digits.Length) - 1;
        digits = digits.TrimEnd('0');
        var sign = double.IsNegative(number) ? "-" : "";
        return digits.Length == 0 ? sign + "0" : sign + (exponent is < -4 or >= 6 ? Exponential(digits, exponent) : Positional(digits, exponent));
    }

    private static string Exponential(string digits, int exponent)
    {
        var text = new StringBuilder(digits);
        if (digits.Length > 1)
        {
            text.Insert(1, '.');
        }

        return text.Append('e').Append(exponent < 0 ? '-' : '+').Append(CultureInfo.InvariantCulture, $"{Math.Abs(exponent):00}").ToString();
    }

    private static string Positional(string digits, int exponent) => exponent switch
    {
        < 0 => $"0.{new string('0', -exponent - 1)}{digits}",
        _ when digits.Length <= exponent + 1 => digits.PadRight(exponent + 1, '0'),
        _ => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
    };

    private static string Inner(JsonElement value) => value.ValueKind is JsonValueKind.Null ? "interface {}(nil)" : Syntax(value);

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Number(value.GetDouble()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "<nil>",
    };

    // Go sorts keys; of equal ones the last counts.
    private static IEnumerable<JsonProperty> Members(JsonElement value) =>
        value.EnumerateObject().GroupBy(static member => member.Name).Select(static group => group.Last()).OrderBy(static member => member.Name, StringComparer.Ordinal);
}
