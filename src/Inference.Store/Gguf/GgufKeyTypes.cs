namespace Inference.Store.Gguf;

/// <summary>
/// Types that llama.cpp takes for granted: where a key has another, an assertion ends the process (gguf_get_val_*, gguf_get_arr_*,
/// llama_model_loader::get_arr). Keys that it reads with a check of its own are not here.
/// </summary>
internal static class GgufKeyTypes
{
    private static readonly GgufType[] Texts = [GgufType.String];
    private static readonly GgufType[] Floats = [GgufType.Float32];
    private static readonly GgufType[] Numbers = [GgufType.Int32, GgufType.UInt32];
    private static readonly GgufType[] Bytes = [GgufType.Int8, GgufType.UInt8];

    // Elements of arrays, by whole key.
    private static readonly Dictionary<string, GgufType[]> TokenizerArrays = new(StringComparer.Ordinal)
    {
        [GgufVocabulary.Key] = Texts,
        ["tokenizer.ggml.merges"] = Texts,
        ["tokenizer.ggml.scores"] = Floats,
        ["tokenizer.ggml.token_type"] = Numbers,
        ["tokenizer.ggml.suppress_tokens"] = Numbers,
        ["tokenizer.ggml.precompiled_charsmap"] = Bytes,
    };

    // Keys of the architecture that may be a number or one for each layer: an array of anything but these two is an assertion or an error.
    private static readonly HashSet<string> LayerNumbers = new(StringComparer.Ordinal)
    {
        "attention.head_count", "attention.head_count_kv", "feed_forward_length",
    };

    // Adapters, llama-adapter.cpp.
    private static readonly Dictionary<string, GgufType> AdapterKeys = new(StringComparer.Ordinal)
    {
        ["general.architecture"] = GgufType.String,
        ["general.type"] = GgufType.String,
        ["adapter.type"] = GgufType.String,
        ["adapter.lora.alpha"] = GgufType.Float32,
    };

    // Projectors, clip.cpp: by what follows clip., clip.vision. or clip.audio.
    private static readonly Dictionary<string, GgufType> ProjectorKeys = new(StringComparer.Ordinal)
    {
        ["has_vision_encoder"] = GgufType.Bool,
        ["has_audio_encoder"] = GgufType.Bool,
        ["has_llava_projector"] = GgufType.Bool,
        ["use_gelu"] = GgufType.Bool,
        ["use_silu"] = GgufType.Bool,
        ["projector_type"] = GgufType.String,
        ["mm_patch_merge_type"] = GgufType.String,
        ["attention.layer_norm_epsilon"] = GgufType.Float32,
        ["attention.head_count"] = GgufType.UInt32,
        ["block_count"] = GgufType.UInt32,
        ["embedding_length"] = GgufType.UInt32,
        ["feed_forward_length"] = GgufType.UInt32,
        ["projection_dim"] = GgufType.UInt32,
        ["image_size"] = GgufType.UInt32,
        ["patch_size"] = GgufType.UInt32,
        ["image_crop_resolution"] = GgufType.UInt32,
        ["spatial_merge_size"] = GgufType.UInt32,
        ["n_wa_pattern"] = GgufType.UInt32,
        ["window_size"] = GgufType.UInt32,
        ["num_mel_bins"] = GgufType.UInt32,
        ["preproc_image_size"] = GgufType.UInt32,
        ["preproc_min_tiles"] = GgufType.UInt32,
        ["preproc_max_tiles"] = GgufType.UInt32,
        ["image_min_pixels"] = GgufType.UInt32,
        ["image_max_pixels"] = GgufType.UInt32,
        ["minicpmv_version"] = GgufType.UInt32,
        ["minicpmv_query_num"] = GgufType.UInt32,
        ["projector.scale_factor"] = GgufType.UInt32,
        ["projector.stack_factor"] = GgufType.UInt32,
    };

    // Projectors' arrays: of what, is checked there; that they are arrays, is not.
    private static readonly HashSet<string> ProjectorArrays = new(StringComparer.Ordinal)
    {
        "image_mean", "image_std", "image_grid_pinpoints", "feature_layer", "wa_layer_indexes", "is_deepstack_layers",
    };

    /// <exception cref="GgufException">A key has a type that the engine does not expect.</exception>
    public static void Check(GgufFile file)
    {
        foreach (var (key, value) in file.Metadata)
        {
            if (TokenizerArrays.TryGetValue(key, out var elements))
            {
                Want(key, value.Value is GgufArray array && elements.Contains(array.ElementType), $"an array of {elements[0]}");
            }
            else if (key.StartsWith("clip.", StringComparison.Ordinal))
            {
                CheckProjector(key, value);
            }
            else if (AdapterKeys.TryGetValue(key, out var type))
            {
                Want(key, value.Type == type, $"of type {type}");
            }
            else if (key.StartsWith($"{file.Architecture}.", StringComparison.Ordinal) && value.Value is GgufArray layers)
            {
                CheckLayers(key, key[(file.Architecture.Length + 1)..], layers.ElementType);
            }
        }
    }

    private static void CheckLayers(string key, string name, GgufType elements)
    {
        if (LayerNumbers.Contains(name))
        {
            Want(key, elements is not (GgufType.String or GgufType.Float32), "an array of whole numbers");
        }
        else if (name is "classifier.output_labels")
        {
            Want(key, elements is GgufType.String, "an array of String");
        }
    }

    private static void CheckProjector(string key, GgufValue value)
    {
        var name = key["clip.".Length..];
        name = name.StartsWith("vision.", StringComparison.Ordinal) ? name["vision.".Length..] : name;
        name = name.StartsWith("audio.", StringComparison.Ordinal) ? name["audio.".Length..] : name;
        if (ProjectorKeys.TryGetValue(name, out var type))
        {
            Want(key, value.Type == type, $"of type {type}");
        }
        else if (ProjectorArrays.Contains(name))
        {
            Want(key, value.Type is GgufType.Array, "an array");
        }
    }

    private static void Want(string key, bool isSo, string what)
    {
        if (!isSo)
        {
            throw new GgufException($"{key} is not {what}");
        }
    }
}
