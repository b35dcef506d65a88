namespace Inference.Benchmarks.Load;

/// <summary>What all doors are asked: the same prompts, seeds and lengths.</summary>
internal static class Ask
{
    public const float Temperature = 0.8f;
    public const int TopK = 40;
    public const float TopP = 0.9f;

    public static string Prompt(int stream) => $"Once upon a time, there were {stream + 2} foxes";
}

/// <summary>One round of one door: some streams at once, to their end.</summary>
/// <param name="Tokens">Of all streams.</param>
/// <param name="Elapsed">From the first request to the last end.</param>
/// <param name="FirstToken">From a request to its first output, the median over the streams.</param>
/// <param name="Cpu">What the process that computes took meanwhile.</param>
internal sealed record Shot(int Tokens, TimeSpan Elapsed, TimeSpan FirstToken, TimeSpan Cpu)
{
    public double TokensPerSecond => Tokens / Elapsed.TotalSeconds;

    public double CpuPerToken => Cpu.TotalMicroseconds / Tokens;
}
