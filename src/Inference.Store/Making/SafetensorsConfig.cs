using Inference.GoJson;

namespace Inference.Store.Making;

/// <summary>What a converter first asks the config of a safetensors model for (convert.ModelParameters).</summary>
internal static class SafetensorsConfig
{
    private static readonly GoStruct<List<string>> Shape = new("ModelParameters", "convert.ModelParameters",
    [
        ("architectures", static (json, list) => json.List(list, "[]string", static () => "", static (json, text) => json.String(text))),
    ]);

    /// <exception cref="GoJsonException">It is not a config.</exception>
    public static IReadOnlyList<string> Architectures(ReadOnlyMemory<byte> config)
    {
        var architectures = new List<string>();
        try
        {
            GoJsonReader.Decode(config, Shape, architectures);
            return architectures;
        }
        catch (GoJsonException e) when (e.Message is "EOF" or "unexpected EOF")
        {
            // json.Unmarshal has the whole text, and so another word for one that ends too soon.
            throw new GoJsonException("unexpected end of JSON input");
        }
    }
}
