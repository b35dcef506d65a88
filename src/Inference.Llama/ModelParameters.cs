namespace Inference.Llama;

/// <summary>How weights are put into memory.</summary>
public sealed record ModelParameters
{
    /// <summary>Layers on accelerators; -1 is all that fit.</summary>
    public int GpuLayers { get; init; } = -1;

    /// <summary>Index of the one accelerator to use, counted over <see cref="LlamaLibrary.Devices"/>; null for any. Of no meaning where there is none.</summary>
    public int? MainGpu { get; init; }

    /// <summary>Map the file instead of reading it. Null leaves it to llama.cpp, which maps.</summary>
    public bool? MemoryMap { get; init; }

    /// <summary>Keep the weights from being swapped out.</summary>
    public bool LockMemory { get; init; }

    /// <summary>Read all weights and refuse a file with infinite or undefined numbers. llama.cpp names the first bad block of each tensor on stderr.</summary>
    public bool CheckTensors { get; init; }
}
