namespace Inference.Store.Gguf;

/// <summary>Weights in several files, as llama-gguf-split makes them: each says which part it is.</summary>
internal static class GgufSplit
{
    /// <summary>The parts in their order. Files that are no parts stand each for itself, and as in Ollama the last one counts.</summary>
    public static IReadOnlyList<string> Order(IReadOnlyList<string> paths)
    {
        var parts = paths.Select(static path => (Path: path, Number: Number(path))).ToList();
        return parts.TrueForAll(static part => part.Number is not null)
            ? [.. parts.OrderBy(static part => part.Number).Select(static part => part.Path)]
            : [paths[^1]];
    }

    private static long? Number(string path)
    {
        try
        {
            return GgufFile.Read(path).Facts.SplitNumber;
        }
        catch (Exception e) when (e is GgufException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
