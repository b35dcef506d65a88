using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.GoJson;

namespace Inference.Facade.Ollama.Replies;

/// <summary>Stored parameters as text, one line for each value.</summary>
internal static class OllamaParameters
{
    // server/routes.go: fmt.Sprintf("%-*s %#v", 30, …).
    private const int Column = 30;

    public static IEnumerable<string> Lines(Struct? parameters) =>
        Values(parameters).Select(static p => $"{p.Name.PadRight(Column)} {GoSyntax(p.Value)}");

    /// <summary>Names and single values: an array counts as several values of its name.</summary>
    public static IEnumerable<(string Name, Value Value)> Values(Struct? parameters) =>
        parameters?.Fields.SelectMany(static f => f.Value.KindCase is Value.KindOneofCase.ListValue
            ? f.Value.ListValue.Values.Select(v => (f.Key, v))
            : [(f.Key, f.Value)]) ?? [];

    // fmt's %#v.
    private static string GoSyntax(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => GoQuote.Quote(value.StringValue),
        Value.KindOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        Value.KindOneofCase.NumberValue => GoFloatText.Format(value.NumberValue, 'g', -1),
        _ => "<nil>",
    };
}
