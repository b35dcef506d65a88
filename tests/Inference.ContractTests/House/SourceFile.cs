using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Inference.ContractTests.House;

/// <summary>One C# file, parsed once for all tests.</summary>
internal sealed class SourceFile
{
    private static readonly ConcurrentDictionary<string, SourceFile> Known = new(StringComparer.Ordinal);

    private SourceFile(string path)
    {
        Path = path;
        Text = Tree.Read(path);
        Lines = Text.Count(c => c == '\n') + (Text.EndsWith('\n') || Text.Length == 0 ? 0 : 1);
        Root = CSharpSyntaxTree.ParseText(Text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot();
    }

    public string Path { get; }

    public string Text { get; }

    public int Lines { get; }

    public SyntaxNode Root { get; }

    /// <summary>Every string literal, the fixed parts of interpolated ones and UTF-8 ones included.</summary>
    public IEnumerable<string> Literals => Root.DescendantTokens()
        .Where(t => t.IsKind(SyntaxKind.StringLiteralToken) || t.IsKind(SyntaxKind.Utf8StringLiteralToken)
            || t.IsKind(SyntaxKind.SingleLineRawStringLiteralToken) || t.IsKind(SyntaxKind.MultiLineRawStringLiteralToken)
            || t.IsKind(SyntaxKind.InterpolatedStringTextToken))
        .Select(t => t.ValueText);

    /// <summary>Methods, constructors, accessors and local functions that have a body, with their length in lines, signature included.</summary>
    public IEnumerable<(string Name, int Lines, SyntaxNode Node)> Methods => Root.DescendantNodes()
        .Where(n => n is BaseMethodDeclarationSyntax { Body: not null } or LocalFunctionStatementSyntax { Body: not null } or AccessorDeclarationSyntax { Body: not null })
        .Select(n => (NameOf(n), LinesOf(n), n));

    public static SourceFile Of(string path) => Known.GetOrAdd(path, static p => new SourceFile(p));

    private static int LinesOf(SyntaxNode node)
    {
        var span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax m => m.Identifier.Text,
        ConstructorDeclarationSyntax c => c.Identifier.Text,
        LocalFunctionStatementSyntax l => l.Identifier.Text,
        AccessorDeclarationSyntax a => a.Keyword.Text,
        _ => node.Kind().ToString(),
    };
}
