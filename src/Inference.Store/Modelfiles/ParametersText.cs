using System.Text.Json;

namespace Inference.Store.Modelfiles;

/// <summary>The stored parameters as <c>ollama show</c> prints them: name in 30 columns, a space, the value as in a Go program; a line for each element of a list.</summary>
public static class ParametersText
{
    private const int Columns = 30;

    /// <summary>Lines in the order of the file (Ollama's is random), parted by line feeds; empty if there are none.</summary>
    public static string Of(JsonElement? parameters) =>
        string.Join('\n', Entries(parameters).Select(static entry => $"{entry.Name.PadRight(Columns + Extra(entry.Name))} {GoFormat.Syntax(entry.Value)}"));

    /// <summary>A line for each parameter, and for each element of a list; of equal names the last counts, in the place of the first.</summary>
    internal static IEnumerable<(string Name, JsonElement Value)> Entries(params IEnumerable<JsonElement?> parameters)
    {
        var values = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in parameters.OfType<JsonElement>().Where(static element => element.ValueKind is JsonValueKind.Object).SelectMany(static element => element.EnumerateObject()))
        {
            values[member.Name] = member.Value;
        }

        return values.SelectMany(static entry => entry.Value.ValueKind is JsonValueKind.Array
            ? entry.Value.EnumerateArray().Select(element => (entry.Key, element))
            : [(entry.Key, entry.Value)]);
    }

    // Go pads by code points.
    private static int Extra(string name) => name.Length - name.EnumerateRunes().Count();
}
