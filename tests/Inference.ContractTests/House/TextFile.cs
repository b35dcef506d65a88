using System.Text.RegularExpressions;

namespace Inference.ContractTests.House;

/// <summary>A file of the repository that people read: everything but weights, blobs and vocabularies.</summary>
internal sealed record TextFile(string Path, string[] Lines)
{
    private static readonly string[] Binary = [".gguf", ".binpb", ".png", ".ico", ".gz", ".zip", ".wav", ".safetensors"];

    public static IReadOnlyList<TextFile> All { get; } =
        [.. Tree.Files.Where(IsText).Select(f => new TextFile(f, File.ReadAllLines(Tree.Full(f))))];

    /// <summary>Where a pattern occurs, one line each.</summary>
    public static IEnumerable<string> Matches(Regex pattern) =>
        from file in All
        from line in file.Lines.Select((text, i) => (Text: text, Number: i + 1))
        let match = pattern.Match(line.Text)
        where match.Success
        select $"{file.Path}:{line.Number}: {match.Value}";

    private static bool IsText(string path) =>
        !path.StartsWith("src/Inference.Server/EmbeddedModel/blobs/", StringComparison.Ordinal)
        && !Binary.Contains(System.IO.Path.GetExtension(path), StringComparer.Ordinal);
}
