namespace Inference.Llama;

/// <summary>A context to make.</summary>
public sealed record ContextParameters
{
    /// <summary>Cells of the whole cache, over all sequences. 256 and up.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Sequences at once, 1 to 256.</summary>
    public int Sequences { get; init; } = 1;

    /// <summary>Tokens in one step; at least <see cref="Sequences"/>. Of one that embeds: at least the longest text, in tokens.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>Threads while generating, 1 to the number of cores.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Threads while reading prompts, 1 to the number of cores.</summary>
    public int BatchThreads { get; init; } = 1;

    /// <summary>One pool of cells for all sequences instead of an equal share for each.</summary>
    public bool Unified { get; init; }

    /// <summary>Null: where the device supports it.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Of keys and values. A quantized one needs flash attention and a head size that 32 divides.</summary>
    public CacheType CacheType { get; init; } = CacheType.F16;

    /// <summary>Compute embeddings, pooled as <see cref="Pooling"/> says, instead of logits.</summary>
    public bool Embeddings { get; init; }

    /// <summary>How embeddings are pooled; unspecified is as the model says.</summary>
    public PoolingType Pooling { get; init; } = PoolingType.Unspecified;
}

/// <summary>Number format of the key-value cache; the values are ggml's.</summary>
public enum CacheType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    BF16 = 30,
}

/// <summary>How an embedding is made of the vectors of its tokens; the values are llama.cpp's.</summary>
public enum PoolingType
{
    Unspecified = -1,
    None = 0,
    Mean = 1,
    Cls = 2,
    Last = 3,
    Rank = 4,
}
