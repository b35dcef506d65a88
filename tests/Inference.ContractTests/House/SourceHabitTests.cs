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
