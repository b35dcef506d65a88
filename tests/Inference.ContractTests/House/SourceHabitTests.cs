using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inference.ContractTests.House;

/// <summary>Habits that no analyser holds.</summary>
public sealed partial class SourceHabitTests
{
    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Handler", "Processor", "Info", "Impl", "Dto"];

    // The contract's and Ollama's words, where they are the concept: model_info.
    private static readonly string[] Inherited = ["CallInfo", "ModelInfo"];

    [Fact]
    public void Files_HoldNoUnfinishedThoughts() =>
        Offences.None(TextFile.Matches(Unfinished()));

    [Fact]
    public void Tests_ThatSkip_SayWhy() => Offences.None(
        from file in Tree.CSharp("tests/")
        from assignment in file.Root.DescendantNodes().OfType<AttributeArgumentSyntax>()
        where assignment.NameEquals?.Name.Identifier.Text == "Skip" && assignment.Expression.ToString().Length < 22
        select $"{file.Path}: {assignment}");

    [Fact]
    public void Tests_DoNotSleep() => Offences.None(
        from file in Tree.CSharp("tests/")
        where !file.Path.StartsWith("tests/Inference.Benchmarks/", StringComparison.Ordinal)
        from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression.ToString() is "Thread.Sleep" || (call.Expression.ToString() is "Task.Delay" && !call.ArgumentList.Arguments[0].ToString().Contains("Infinite", StringComparison.Ordinal))
        select $"{file.Path}: {call}");

    [Fact]
    public void Types_AreNamedForWhatTheyAre() => Offences.None(
        from file in Tree.Sources
        from type in file.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        from word in EmptyWords
        where type.Identifier.Text.EndsWith(word, StringComparison.Ordinal) && !Inherited.Contains(type.Identifier.Text, StringComparer.Ordinal)
        select $"{file.Path}: {type.Identifier.Text}");

    // What the compiler refuses elsewhere (src/BannedSymbols.txt) could still be written byte by byte. Texts of the catalogue may quote one.
    [Fact]
    public void ErrorBodies_AreMadeInOneProject_Only() => Offences.None(
        from file in Tree.Sources
        where !file.Path.StartsWith("src/Inference.HttpErrors/", StringComparison.Ordinal) && !file.Path.StartsWith("src/Inference.Errors/", StringComparison.Ordinal)
        from token in file.Root.DescendantTokens()
        where token.Text.Contains("\"error\\\":", StringComparison.Ordinal) || token.ValueText.Contains("{\"error\":", StringComparison.Ordinal)
        select $"{file.Path}: {token.Text}");

    [Fact]
    public void Compiler_RefusesErrorsMadeElsewhere()
    {
        var banned = Tree.Read("src/BannedSymbols.txt");
        string[] ways = ["M:Grpc.Core.RpcException.#ctor(Grpc.Core.Status)", "M:Grpc.Core.RpcStatusExtensions.ToRpcException(Google.Rpc.Status)", "T:Microsoft.AspNetCore.Http.Results;", "T:Microsoft.AspNetCore.Http.HttpResponseJsonExtensions;"];
        Assert.All(ways, way => Assert.Contains(way, banned, StringComparison.Ordinal));
        Assert.Empty(typeof(Inference.Errors.ErrorKind).GetConstructors());
        Assert.Empty(typeof(Inference.HttpErrors.HttpError).GetConstructors());
    }

    [Fact]
    public void Warnings_SwitchedOffInTheSource_SayWhy() => Offences.None(
        from file in Tree.Sources
        from trivia in file.Root.DescendantTrivia()
        let text = trivia.ToFullString()
        where trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia) && text.Contains(" disable ", StringComparison.Ordinal) && !text.Contains("// ", StringComparison.Ordinal)
        select $"{file.Path}: {text}");

    [GeneratedRegex(@"\b(T[O]DO|F[I]XME|H[A]CK|X[X]X)\b")]
    private static partial Regex Unfinished();
}
