namespace Inference.Store.Registry;

/// <summary>What a pull or push is doing.</summary>
public enum TransferStep
{
    ReadingManifest,
    Downloading,
    Uploading,
    Verifying,
    WritingManifest,
    Pruning,
}

/// <summary>A message from a pull or push.</summary>
/// <param name="Step">The step.</param>
/// <param name="Status">Ollama's line for it.</param>
public sealed record TransferProgress(TransferStep Step, string Status)
{
    /// <summary>The blob that it is about; empty for none.</summary>
    public string Digest { get; init; } = "";

    public long TotalBytes { get; init; }

    public long CompletedBytes { get; init; }

    /// <summary>A message about a blob, which Ollama names by the first twelve digits of its digest.</summary>
    internal static TransferProgress OfBlob(TransferStep step, string verb, string digest, long total, long completed) =>
        new(step, $"{verb} {digest[7..19]}") { Digest = digest, TotalBytes = total, CompletedBytes = completed };
}
