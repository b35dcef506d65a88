using System.Diagnostics;
using Inference.TestKit;

namespace Inference.ContractTests.House;

/// <summary>The files of the repository, as git sees them: tracked ones, and new ones that it does not ignore.</summary>
internal static class Tree
{
    private static readonly Lazy<IReadOnlyList<string>?> Listed = new(List);

    /// <summary>Paths from the root, with <c>/</c>.</summary>
    public static IReadOnlyList<string> Files
    {
        get
        {
            Assert.SkipWhen(Listed.Value is null, "not a git checkout: which files belong to the repository is git's to say");
            return Listed.Value;
        }
    }

    /// <summary>Written by people, in C#, and shipped.</summary>
    public static IEnumerable<SourceFile> Sources => CSharp("src/");

    public static IEnumerable<SourceFile> CSharp(string under) =>
        Files.Where(f => f.StartsWith(under, StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal)).Select(SourceFile.Of);

    public static string Full(string path) => Path.Combine(Places.Root, path);

    public static string Read(string path) => File.ReadAllText(Full(path));

    private static IReadOnlyList<string>? List()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Places.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += static (_, _) => { };
            git.BeginErrorReadLine();
            var names = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 ? [.. names.Where(n => File.Exists(Full(n)))] : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
