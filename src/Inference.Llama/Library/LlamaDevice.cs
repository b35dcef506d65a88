namespace Inference.Llama;

/// <summary>What a model can be computed on.</summary>
/// <param name="Name">For example <c>CPU</c> or <c>CUDA0</c>.</param>
/// <param name="Description">The maker's name for it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="TotalBytes">Its memory.</param>
/// <param name="FreeBytes">Of that, free; for the CPU llama.cpp may report all of it.</param>
public sealed record LlamaDevice(string Name, string Description, DeviceKind Kind, long TotalBytes, long FreeBytes)
{
    /// <summary>It has memory of its own, or shares the host's, and takes layers of a model.</summary>
    public bool IsAccelerator => Kind is DeviceKind.Gpu or DeviceKind.IntegratedGpu;
}

/// <summary>Kinds of devices; the values are ggml's.</summary>
public enum DeviceKind
{
    Cpu = 0,
    Gpu = 1,
    IntegratedGpu = 2,

    /// <summary>Helps the CPU, such as BLAS or AMX: holds no layers of its own.</summary>
    Helper = 3,

    /// <summary>Several devices as one.</summary>
    Meta = 4,
}
