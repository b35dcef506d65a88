using System.Reflection;
using System.Xml.Linq;

namespace Inference.ContractTests.House;

/// <summary>One project file.</summary>
internal sealed record Project(string Path, XDocument Xml)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Names of the projects that it references.</summary>
    public IReadOnlyList<string> Projects =>
        [.. Xml.Descendants("ProjectReference").Select(r => System.IO.Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)).Order(StringComparer.Ordinal)];

    public IReadOnlyList<string> Packages => [.. Xml.Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value)];

    public bool SeesAspNet =>
        Xml.Root!.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web" || Xml.Descendants("FrameworkReference").Any(r => r.Attribute("Include")?.Value == "Microsoft.AspNetCore.App");

    /// <summary>The compiled project, which lies beside the tests.</summary>
    public Assembly Assembly => Assembly.LoadFrom(System.IO.Path.Combine(AppContext.BaseDirectory, $"{Name}.dll"));

    public static IReadOnlyList<Project> All { get; } =
        [.. Tree.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(f => new Project(f, XDocument.Load(Tree.Full(f))))];

    /// <summary>What is shipped.</summary>
    public static IEnumerable<Project> Shipped => All.Where(p => p.Path.StartsWith("src/", StringComparison.Ordinal));
}
