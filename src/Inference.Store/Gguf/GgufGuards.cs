using Inference.Errors;

namespace Inference.Store.Gguf;

/// <summary>
/// What has to be known about a GGUF file before the engine opens it: of all that can be wrong, this ends the process instead of
/// failing the call, or shows only after minutes of loading. Reads the header once, texts one by one.
/// </summary>
public static class GgufGuards
{
    private const int MaxLayers = 512; // LLAMA_MAX_LAYERS

    /// <exception cref="GgufException">The file would harm the engine, or lacks data.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static void Check(string path)
    {
        using var source = GgufSource.Open(path);
        var file = new GgufReader(source, GgufDetail.Header, checkVocabulary: true).Read();
        CheckLayers(file);
        CheckVocabulary(file);
        CheckTensors(file);
    }

    // A projector or adapter has none. What is no whole number, llama.cpp refuses by itself.
    private static void CheckLayers(GgufFile file)
    {
        var key = $"{file.Architecture}.block_count";
        if (file.Metadata.TryGetValue(key, out var value) && value.Value is long or ulong && value.Integer is not (> 0 and <= MaxLayers))
        {
            throw new GgufException($"{key} is {value.Value}, not 1 to {MaxLayers}");
        }
    }

    // llama.cpp takes the arrays' types for granted (an assertion) and reads as many scores and types as there are tokens.
    private static void CheckVocabulary(GgufFile file)
    {
        var tokens = Array(file, GgufVocabulary.Key, 0, GgufType.String);
        Array(file, "tokenizer.ggml.merges", 0, GgufType.String);
        Array(file, "tokenizer.ggml.scores", tokens, GgufType.Float32);
        Array(file, "tokenizer.ggml.token_type", tokens, GgufType.Int32, GgufType.UInt32);
    }

    private static long Array(GgufFile file, string key, long minLength, params ReadOnlySpan<GgufType> types)
    {
        if (!file.Metadata.TryGetValue(key, out var value))
        {
            return 0;
        }

        if (value.Value is not GgufArray array || !types.Contains(array.ElementType))
        {
            throw new GgufException($"{key} is not an array of {types[0]}");
        }

        return array.Length >= minLength ? array.Length : throw new GgufException($"{key} has {array.Length} elements for {minLength} tokens");
    }

    // gguf.cpp wants the tensors one behind the other, in the order of the list, each rounded up to the alignment.
    private static void CheckTensors(GgufFile file)
    {
        UInt128 place = 0;
        foreach (var tensor in file.Tensors)
        {
            var name = GoQuote.Quote(tensor.Name);
            if (tensor.SizeBytes < 0)
            {
                throw new GgufException($"tensor {name} has rows that are no whole blocks of {tensor.Type}");
            }

            if (tensor.Offset != place)
            {
                throw new GgufException($"tensor {name} lies at {tensor.Offset}, not at {place}");
            }

            if ((UInt128)file.DataOffset + place + (ulong)tensor.SizeBytes > (ulong)file.SizeBytes)
            {
                throw new GgufException($"tensor {name} reaches beyond the end of the file");
            }

            var alignment = (ulong)file.Alignment;
            place = (place + (ulong)tensor.SizeBytes + alignment - 1) / alignment * alignment;
        }
    }
}
