using Google.Protobuf.WellKnownTypes;

namespace Inference.Facade.Ollama.Requests;

/// <summary>Untyped values as the contract has them.</summary>
internal static class OllamaValue
{
    public static Value ToContract(object? value) => value switch
    {
        null => Value.ForNull(),
        bool truth => Value.ForBool(truth),
        double number => Value.ForNumber(number),
        string text => Value.ForString(text),
        List<object?> list => Value.ForList([.. list.Select(ToContract)]),
        Dictionary<string, object?> map => Value.ForStruct(ToStruct(map)),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.GetType(), message: null),
    };

    public static Struct ToStruct(Dictionary<string, object?> map)
    {
        var mapped = new Struct();
        foreach (var (key, value) in map)
        {
            mapped.Fields[key] = ToContract(value);
        }

        return mapped;
    }
}
