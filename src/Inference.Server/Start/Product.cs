using System.Reflection;

namespace Inference.Server.Start;

/// <summary>What this program calls itself.</summary>
internal static class Product
{
    private static readonly string Informational =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static string Version => Informational.Split('+')[0];

    /// <summary>The first digits of the commit that it was built from; empty if it was built outside of a repository.</summary>
    public static string Commit => Informational.Split('+') is [_, { Length: >= 7 } commit] ? commit[..7] : "";

    /// <summary>For example <c>Inference 0.1.0 (1a2b3c4)</c>.</summary>
    public static string Name => Commit.Length > 0 ? $"Inference {Version} ({Commit})" : $"Inference {Version}";
}
