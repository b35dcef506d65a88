using System.Reflection;

namespace Inference.TestKit;

/// <summary>Where things lie while tests run.</summary>
public static class Places
{
    /// <summary>Root of the repository.</summary>
    public static string Root { get; } = typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>The embedded model's store.</summary>
    public static string EmbeddedStore => Path.Combine(Root, "src/Inference.Server/EmbeddedModel");

    /// <summary>The embedded model's weights.</summary>
    public static string EmbeddedWeights => new DirectoryInfo(Path.Combine(EmbeddedStore, "blobs")).GetFiles().MaxBy(f => f.Length)!.FullName;

    /// <summary>A file of the recordings and specifications that lie beside a full checkout; null where they are absent.</summary>
    public static string? Shared(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Root, "../shared", path));
        return Path.Exists(full) ? full : null;
    }
}
