using Inference.Llama;

namespace Inference.Runtime.Loading;

/// <summary>Devices other than the CPU that take layers of a model. None in the default build.</summary>
internal static class Accelerators
{
    private static readonly Lazy<long> Total = new(static () => Sum(static d => d.TotalBytes));
    private static readonly Lazy<long> Number = new(static () => Sum(static _ => 1));

    public static int Count => (int)Number.Value;

    /// <summary>All their memory; 0 without any.</summary>
    public static long TotalBytes => Total.Value;

    /// <summary>Of that, free now.</summary>
    public static long FreeBytes() => TotalBytes == 0 ? 0 : Sum(static d => d.FreeBytes);

    private static long Sum(Func<LlamaDevice, long> bytes)
    {
        try
        {
            return LlamaLibrary.Devices().Where(static d => d.IsAccelerator).Sum(bytes);
        }
        catch (LlamaException)
        {
            return 0; // llama.cpp does not run here: the load that follows says why
        }
    }
}
