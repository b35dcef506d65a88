namespace Inference.Store.Gguf;

/// <summary>Values that llama.cpp takes for granted: others end the process in an assertion (llama-model.cpp, load_hparams) or a fault (clip.cpp).</summary>
internal static class GgufKeyGuards
{
    private const int MaxLayers = 512; // LLAMA_MAX_LAYERS
    private const int MaxExperts = 512; // LLAMA_MAX_EXPERTS

    private static readonly string[] RopeScalings = ["none", "linear", "yarn", "longrope"]; // LLAMA_ROPE_SCALING_TYPES

    /// <exception cref="GgufException">A value would harm the engine.</exception>
    public static void Check(GgufFile file)
    {
        GgufKeyTypes.Check(file);
        CheckLayers(file, $"{file.Architecture}.block_count");
        CheckLayers(file, "clip.vision.block_count");
        CheckLayers(file, "clip.audio.block_count");
        CheckExperts(file);
        CheckRopeScaling(file);
        CheckVocabulary(file);
    }

    // An adapter has none. What is no whole number, is refused there.
    private static void CheckLayers(GgufFile file, string key)
    {
        if (file.Metadata.TryGetValue(key, out var value) && value.Value is long or ulong && value.Integer is not (> 0 and <= MaxLayers))
        {
            throw new GgufException($"{key} is {value.Value}, not 1 to {MaxLayers}");
        }
    }

    private static void CheckExperts(GgufFile file)
    {
        if (Number(file, "expert_count") is not { } experts || Number(file, "expert_used_count") is not { } used
            || Number(file, "expert_group_count") is not { } groups || Number(file, "expert_group_used_count") is not { } usedGroups)
        {
            return; // no whole number: refused there
        }

        var makesSense = experts == 0
            ? used == 0 && groups == 0
            : experts is > 0 and <= MaxExperts && used > 0 && used <= experts && groups >= 0 && groups < experts
                && (groups <= 1 || (experts % groups == 0 && usedGroups > 0 && usedGroups < groups));
        if (!makesSense)
        {
            throw new GgufException($"{file.Architecture} cannot use {used} of {experts} experts, {usedGroups} of {groups} groups");
        }
    }

    private static void CheckRopeScaling(GgufFile file)
    {
        var key = $"{file.Architecture}.rope.scaling.type";
        if (file.Metadata.TryGetValue(key, out var value) && value.Value is string scaling && !RopeScalings.Contains(scaling))
        {
            throw new GgufException($"{key} is {Errors.GoQuote.Quote(scaling)}, not one of {string.Join(", ", RopeScalings)}");
        }
    }

    private static void CheckVocabulary(GgufFile file)
    {
        var tokens = file.Facts.VocabularySize;
        foreach (var key in (ReadOnlySpan<string>)["tokenizer.ggml.scores", "tokenizer.ggml.token_type"])
        {
            if (file.Metadata.TryGetValue(key, out var value) && value.Value is GgufArray array && array.Length < tokens)
            {
                throw new GgufException($"{key} has {array.Length} elements for {tokens} tokens");
            }
        }
    }

    // 0 if the key is absent, null if it is no number.
    private static long? Number(GgufFile file, string key) => !file.Metadata.TryGetValue($"{file.Architecture}.{key}", out var value) ? 0
        : value.Value is long or ulong ? value.Integer ?? -1
        : null;
}
