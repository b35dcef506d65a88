namespace Inference.ContractTests.House;

/// <summary>
/// The sizes of the house: a median file of about 60 lines, nine of ten under 200, none over 500; a method over 60 lines has
/// numbered steps. Tables are exempt, by name.
/// </summary>
public sealed class FileMeasureTests(ITestOutputHelper output)
{
    /// <summary>Rows, not logic: longer is better than split.</summary>
    private static readonly string[] Tables = ["src/Inference.Errors/Catalogue.cs"];

    [Fact]
    public void Sources_AreShort_AndNoneIsLong()
    {
        List<SourceFile> sources = [.. Tree.Sources];
        Measure("src/", sources);
        Offences.None(sources.Where(f => f.Lines > 500 && !Tables.Contains(f.Path, StringComparer.Ordinal)).Select(f => $"{f.Path}: {f.Lines} lines"));
    }

    [Fact]
    public void Tests_AreShort_MostOfThem() => Measure("tests/", [.. Tree.CSharp("tests/")]);

    [Fact]
    public void Methods_OfMoreThanSixtyLines_HaveNumberedSteps()
    {
        var methods = Tree.Sources.SelectMany(f => f.Methods.Select(m => (f.Path, m.Name, m.Lines, Text: m.Node.ToString()))).ToList();
        var lengths = methods.Select(m => m.Lines).Order().ToList();
        output.WriteLine($"{methods.Count} methods with a body: median {lengths[lengths.Count / 2]}, p90 {lengths[lengths.Count * 9 / 10]}, longest {lengths[^1]} lines");
        foreach (var m in methods.Where(m => m.Lines > 40).OrderByDescending(m => m.Lines))
        {
            output.WriteLine($"{m.Lines,5} {m.Path}: {m.Name}");
        }

        Offences.None(methods.Where(m => m.Lines > 60 && !m.Text.Contains("// 1.", StringComparison.Ordinal)).Select(m => $"{m.Path}: {m.Name} has {m.Lines} lines"));
    }

    private void Measure(string name, List<SourceFile> files)
    {
        var lengths = files.Select(f => f.Lines).Order().ToList();
        var median = lengths[lengths.Count / 2];
        var p90 = lengths[lengths.Count * 9 / 10];
        output.WriteLine($"{name}: {lengths.Count} files, {lengths.Sum()} lines, median {median}, p90 {p90}, longest {lengths[^1]}");
        foreach (var f in files.Where(f => f.Lines > 300).OrderByDescending(f => f.Lines))
        {
            output.WriteLine($"{f.Lines,5} {f.Path}");
        }

        Assert.InRange(median, 1, 80);
        Assert.InRange(p90, 1, 199);
    }
}
