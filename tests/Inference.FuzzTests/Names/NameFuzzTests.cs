using Inference.Errors;
using Inference.Store.Names;

namespace Inference.FuzzTests.Names;

/// <summary>The parser of names against the same rules as patterns.</summary>
public sealed class NameFuzzTests
{
    private const int Cases = 100_000;

    private static readonly string[] Pieces =
    [
        "a", "B7", "_", "-", ".", "..", ":", "/", "//", "://", "http://", "registry.ollama.ai", "library", "latest", "llama3.2", "cloud", ":cloud", ":local", ":LOCAL", "-cloud", ":1b-Cloud", "1b", " ", "\t", "\u00a0", "\u0085", "\u2003",
        "@", "sha256", "é", "\"", "'", "\\", "..\\", "%2F", "!MISSING!", "h:80", "\0", "\n", "\U0001F600", "\ufeff", "\u200b", "\u001c",
    ];

    [Fact]
    public void Name_MadeOfPieces_IsReadByTheRules() => Fuzz.Each(
        Cases,
        Make,
        static text => ModelName.Parse(text) is { } name ? Same((name.Host, name.Namespace, name.Model, name.Tag), NameReference.Read(text)) : Same(null, NameReference.Read(text)),
        Smaller,
        static text => Bytes.Show(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Reference_MadeOfPieces_IsReadByTheRules() => Fuzz.Each(
        Cases,
        Make,
        static text => Refer(text) == NameReference.Refer(text) ? null : $"{Refer(text)} is not {NameReference.Refer(text)}",
        Smaller,
        static text => Bytes.Show(System.Text.Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(350, 80, 80, 80, true)]
    [InlineData(351, 80, 80, 80, false)]
    [InlineData(350, 81, 80, 80, false)]
    [InlineData(350, 80, 81, 80, false)]
    [InlineData(350, 80, 80, 81, false)]
    public void Name_OfLongParts_HasItsLimits(int host, int @namespace, int model, int tag, bool valid)
    {
        var text = $"{new string('h', host)}/{new string('n', @namespace)}/{new string('m', model)}:{new string('t', tag)}";
        Assert.Equal(valid, ModelName.Parse(text) is not null);
        Assert.Equal(valid, NameReference.Read(text) is not null);
    }

    private static string Refer(string text)
    {
        try
        {
            var reference = ModelReference.Parse(text);
            var source = reference.Source is ModelSource.Unspecified ? "" : reference.Source.ToString().ToLowerInvariant();
            return $"{(reference.Name.Host, reference.Name.Namespace, reference.Name.Model, reference.Name.Tag)} {source}";
        }
        catch (InferenceException e)
        {
            return e.Error.Kind.Reason;
        }
    }

    private static string? Same<T>(T? ours, T? theirs) where T : struct => ours.Equals(theirs) ? null : $"{ours} is not {theirs}";

    private static string Make(Random random) => string.Concat(Enumerable.Range(0, random.Next(9)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static IEnumerable<string> Smaller(string text) => Enumerable.Range(0, text.Length).Select(i => text.Remove(i, 1));
}
