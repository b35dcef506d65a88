namespace Inference.Llama;

/// <summary>How weights are put into memory.</summary>
public sealed record ModelParameters
{
    /// <summary>Layers on accelerators; -1 is all that fit.</summary>
    public int GpuLayers { get; init; } = -1;

    /// <summary>Index of the one accelerator to use; null for any.</summary>
    public int? MainGpu { get; init; }

    /// <summary>Map the file instead of reading it. Null leaves it to llama.cpp, which maps.</summary>
    public bool? MemoryMap { get; init; }

    /// <summary>Keep the weights from being swapped out.</summary>
    public bool LockMemory { get; init; }

    /// <summary>Read all weights and refuse a file with infinite or undefined numbers. Reads the whole file.</summary>
    public bool CheckTensors { get; init; }
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

/// <summary>A context to make.</summary>
public sealed record ContextParameters
{
    /// <summary>Cells of the whole cache, over all sequences.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Sequences at once, 1 to 256.</summary>
    public int Sequences { get; init; } = 1;

    /// <summary>Tokens in one step; at least <see cref="Sequences"/>.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>Threads while generating, 1 to the number of cores.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Threads while reading prompts.</summary>
    public int BatchThreads { get; init; } = 1;

    /// <summary>One pool of cells for all sequences instead of an equal share for each.</summary>
    public bool Unified { get; init; }

    /// <summary>Null: where the device supports it.</summary>
    public bool? FlashAttention { get; init; }

    public CacheType CacheType { get; init; } = CacheType.F16;

    /// <summary>Compute embeddings, pooled as <see cref="Pooling"/> says, instead of logits.</summary>
    public bool Embeddings { get; init; }

    /// <summary>How embeddings are pooled; unspecified is as the model says.</summary>
    public PoolingType Pooling { get; init; } = PoolingType.Unspecified;
}
