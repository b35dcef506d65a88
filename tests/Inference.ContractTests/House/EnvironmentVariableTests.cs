using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inference.ContractTests.House;

/// <summary>The environment is read at one place, which maps it onto options.</summary>
public sealed partial class EnvironmentVariableTests
{
    // As a literal of its own: sentences for people may name them, too.
    [Fact]
    public void Names_AreWrittenInOneFile_Each()
    {
        var places = from file in Tree.Sources
                     from name in file.Literals.Where(l => Name().IsMatch(l)).Distinct(StringComparer.Ordinal)
                     group file.Path by name into g
                     where g.Count() > 1
                     select $"{g.Key}: {string.Join(", ", g)}";
        Offences.None(places);
    }

    [Fact]
    public void Environment_IsRead_InOneFileOfTheServer()
    {
        var readers = Tree.Sources.Where(f => f.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Any(m => m.ToString() is "Environment.GetEnvironmentVariable" or "Environment.GetEnvironmentVariables")).Select(f => f.Path).ToList();
        Assert.True(readers.Count <= 1 && readers.TrueForAll(r => r.StartsWith("src/Inference.Server/", StringComparison.Ordinal)), string.Join(", ", readers));
    }

    [GeneratedRegex("^(OLLAMA|INFERENCE|LLAMA|CUDA|GGML|OTEL|ASPNETCORE|DOTNET|HF)_[A-Z][A-Z0-9_]+$")]
    private static partial Regex Name();
}
