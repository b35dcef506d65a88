using System.Text.Json;
using Inference.Errors;
using Inference.GoJson;

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

    private static string Inner(JsonElement value) => value.ValueKind is JsonValueKind.Null ? "interface {}(nil)" : Syntax(value);

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => GoFloatText.Format(value.GetDouble(), 'g', -1),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "<nil>",
    };

    // Go sorts keys; of equal ones the last counts.
    private static IEnumerable<JsonProperty> Members(JsonElement value) =>
        value.EnumerateObject().GroupBy(static member => member.Name).Select(static group => group.Last()).OrderBy(static member => member.Name, GoAny.ByBytes);
}
