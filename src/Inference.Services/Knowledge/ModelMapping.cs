using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Inference.Store;
using Inference.Store.Capabilities;
using Inference.Store.Gguf;
using Inference.V1;

namespace Inference.Services.Knowledge;

/// <summary>Models, their files and what is stored with them, as messages of the contract.</summary>
internal static class ModelMapping
{
    private static readonly Dictionary<string, V1.Capability> Known = System.Enum.GetValues<V1.Capability>()
        .Where(static c => c is not (V1.Capability.Unspecified or V1.Capability.Rerank))
        .ToDictionary(static c => c.ToString().ToLowerInvariant());

    /// <summary>The name that errors and Ollama use.</summary>
    public static string ToName(this V1.Capability capability) => capability.ToString().ToLowerInvariant();

    public static Model ToContract(this StoredModel model, ModelSummary summary)
    {
        var mapped = new Model
        {
            Name = model.Name.DisplayName,
            Digest = model.Digest,
            SizeBytes = model.SizeBytes,
            ModifyTime = Timestamp.FromDateTimeOffset(model.ModifyTime),
            Details = summary.Details.ToContract(),
            RemoteHost = model.Config.RemoteHost,
            RemoteModel = model.Config.RemoteModel,
        };
        foreach (var name in summary.Capabilities)
        {
            mapped.Add(name);
        }

        return mapped;
    }

    /// <summary>Adds a capability by its name, known or not.</summary>
    public static void Add(this Model model, string capability)
    {
        if (Known.TryGetValue(capability, out var known))
        {
            model.Capabilities.Add(known);
        }
        else
        {
            model.OtherCapabilities.Add(capability);
        }
    }

    public static Layer ToContract(this StoredLayer layer) => new()
    {
        MediaType = layer.MediaType,
        Digest = layer.Digest,
        SizeBytes = layer.SizeBytes,
        From = layer.From ?? "",
    };

    public static Tensor ToContract(this GgufTensor tensor) => new() { Name = tensor.Name, Type = tensor.Type, Shape = { tensor.Shape } };

    public static V1.GgufValue ToContract(this Store.Gguf.GgufValue value) => value.Value switch
    {
        long number => new V1.GgufValue { IntegerValue = number },
        ulong number => new V1.GgufValue { UnsignedValue = number },
        float number => new V1.GgufValue { FloatValue = number },
        double number => new V1.GgufValue { DoubleValue = number },
        bool truth => new V1.GgufValue { BoolValue = truth },
        string text => new V1.GgufValue { StringValue = text },
        Store.Gguf.GgufArray array => new V1.GgufValue { ArrayValue = array.ToContract() },
        _ => throw new ArgumentOutOfRangeException(nameof(value), value.Value.GetType(), message: null),
    };

    /// <summary>The stored parameters as they are.</summary>
    public static Struct? ToStruct(this JsonElement? parameters)
    {
        if (parameters is not { ValueKind: JsonValueKind.Object } map)
        {
            return null;
        }

        var mapped = new Struct();
        foreach (var member in map.EnumerateObject())
        {
            mapped.Fields[member.Name] = ToValue(member.Value);
        }

        return mapped;
    }

    private static V1.GgufArray ToContract(this Store.Gguf.GgufArray array)
    {
        var mapped = new V1.GgufArray { Length = array.Length };
        if (array.Values is not { } values)
        {
            return mapped;
        }

        if (array.ElementType is GgufType.UInt8)
        {
            mapped.ByteValues = ByteString.CopyFrom([.. values.Select(static v => (byte)(v.Integer ?? 0))]);
        }
        else
        {
            mapped.Values.AddRange(values.Select(static v => v.ToContract()));
        }

        return mapped;
    }

    private static V1.ModelDetails ToContract(this Store.Capabilities.ModelDetails details)
    {
        var mapped = new V1.ModelDetails
        {
            ParentModel = details.ParentModel,
            Format = details.Format,
            Family = details.Family,
            ParameterSize = details.ParameterSize,
            QuantizationLevel = details.QuantizationLevel,
            ContextLength = details.ContextLength,
            EmbeddingLength = details.EmbeddingLength,
        };
        mapped.Families.AddRange(details.Families ?? []);
        return mapped;
    }

    private static Value ToValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Value.ForString(value.GetString()!),
        JsonValueKind.Number => Value.ForNumber(value.GetDouble()),
        JsonValueKind.True or JsonValueKind.False => Value.ForBool(value.GetBoolean()),
        JsonValueKind.Array => Value.ForList([.. value.EnumerateArray().Select(ToValue)]),
        JsonValueKind.Object => Value.ForStruct(ToStruct(value)!),
        _ => Value.ForNull(),
    };
}
