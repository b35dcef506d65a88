using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Services.Knowledge;

namespace Inference.Services.Upkeep;

/// <summary>Default options of a model to make. They are stored as given; what no request will be able to use is warned about.</summary>
internal static class GivenParameters
{
    public static Dictionary<string, object?> Read(Struct? parameters, Warnings warnings)
    {
        var read = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters?.Fields ?? [])
        {
            read[name] = ToUntyped(value);
            Look(name, value, warnings);
        }

        return read;
    }

    // Each by itself: one that is wrong says nothing of the others.
    private static void Look(string name, Value value, Warnings warnings)
    {
        try
        {
            var one = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?> { [name] = ToUntyped(value) })).RootElement;
            foreach (var unknown in StoredParameters.Parse(one, "").Unknown)
            {
                warnings.Add(WarningCatalogue.OptionUnknown(unknown));
            }
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.ModelParameterInvalid)
        {
            warnings.Add(WarningCatalogue.ParameterInvalid(name, e.Error.Facts["expected_type"]));
        }
    }

    private static object? ToUntyped(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.BoolValue => value.BoolValue,
        Value.KindOneofCase.NumberValue => value.NumberValue,
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.ListValue => value.ListValue.Values.Select(ToUntyped).ToList(),
        Value.KindOneofCase.StructValue => value.StructValue.Fields.ToDictionary(static f => f.Key, static f => ToUntyped(f.Value), StringComparer.Ordinal),
        _ => null,
    };
}
