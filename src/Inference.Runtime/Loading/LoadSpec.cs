using Inference.Llama;

namespace Inference.Runtime.Loading;

/// <summary>A model to load: where it is, what its file says, and how. Two specs with the same <see cref="Path"/> are one model.</summary>
public sealed record LoadSpec
{
    /// <summary>Name as errors and listings show it.</summary>
    public required string Model { get; init; }

    /// <summary>The GGUF file. Its header has been read and checked.</summary>
    public required string Path { get; init; }

    /// <summary>What the file says.</summary>
    public required ModelFacts Facts { get; init; }

    public LoadSettings Settings { get; init; } = new();
}

/// <summary>What a GGUF header says that loading depends on.</summary>
/// <param name="Architecture">For example <c>llama</c>.</param>
/// <param name="TrainedContext">Tokens; 0 if not known.</param>
/// <param name="CacheBytesPerToken">Key and value bytes of one token over all layers, at 16 bits.</param>
/// <param name="WeightBytes">Size of the file.</param>
/// <param name="Embeds">It has a pooling type: loaded to embed, not to generate.</param>
/// <param name="Sees">It has a projector.</param>
public sealed record ModelFacts(string Architecture, int TrainedContext, long CacheBytesPerToken, long WeightBytes, bool Embeds, bool Sees);

/// <summary>How to load. 0 and null leave it to the runtime.</summary>
public sealed record LoadSettings
{
    /// <summary>Tokens of one sequence; 0 is the server's default. Cut to what the model was trained for.</summary>
    public int ContextLength { get; init; }

    /// <summary>Prompt tokens in one step.</summary>
    public int BatchSize { get; init; }

    /// <summary>Layers on accelerators; -1 is as many as fit.</summary>
    public int GpuLayers { get; init; } = -1;

    public int? MainGpu { get; init; }

    public bool? MemoryMap { get; init; }

    public int Threads { get; init; }

    public CacheType? KvCacheType { get; init; }

    public bool? FlashAttention { get; init; }

    /// <summary>Sequences at once.</summary>
    public int NumParallel { get; init; }

    /// <summary>Cells of the whole cache. Always left to the runtime: each sequence's context length together, or what the pool of a unified cache may take.</summary>
    public int CacheCells { get; init; }
}

/// <summary>A model in memory, or on its way.</summary>
/// <param name="Spec">What was asked for.</param>
/// <param name="Effective">The settings in effect, complete.</param>
/// <param name="State">What it is doing.</param>
/// <param name="LoadFraction">0 to 1, while loading.</param>
/// <param name="Facts">Null while loading.</param>
/// <param name="Load">How busy it is.</param>
/// <param name="Leases">Calls that hold it.</param>
/// <param name="ExpireTime">When it leaves if nobody calls; null for never.</param>
public sealed record RunningModel(
    LoadSpec Spec, LoadSettings Effective, RunningState State, float LoadFraction, EngineFacts? Facts, EngineLoad Load, int Leases, DateTimeOffset? ExpireTime);

public enum RunningState
{
    Loading,
    Idle,
    Busy,
    Unloading,
}
