using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Inference.ContractTests.House;

/// <summary>Who may see whom, as the README draws it. A new arrow is a decision: it is made here and there, or not at all.</summary>
public sealed class DependencyPictureTests
{
    private static readonly Dictionary<string, string[]> Picture = new(StringComparer.Ordinal)
    {
        ["Inference.Contracts"] = [],
        ["Inference.Errors"] = [],
        ["Inference.GoJson"] = ["Inference.Errors"],
        ["Inference.HttpErrors"] = ["Inference.Errors", "Inference.GoJson"],
        ["Inference.Llama"] = [],
        ["Inference.Runtime"] = ["Inference.Errors", "Inference.Llama"],
        ["Inference.Prompts"] = ["Inference.Contracts", "Inference.Errors", "Inference.GoJson"],
        ["Inference.Store"] = ["Inference.Errors", "Inference.GoJson"],
        ["Inference.Services"] = ["Inference.Contracts", "Inference.Errors", "Inference.Prompts", "Inference.Runtime", "Inference.Store"],
        ["Inference.Facade"] = ["Inference.Contracts", "Inference.Errors", "Inference.GoJson", "Inference.HttpErrors", "Inference.Services"],
        ["Inference.Server"] = ["Inference.Facade", "Inference.GoJson", "Inference.Services"],
    };

    private static readonly string[] Doors = ["Inference.Services", "Inference.Facade", "Inference.Server"];

    [Fact]
    public void Projects_ReferenceOneAnother_AsThePictureSays()
    {
        var drawn = Picture.Select(p => $"{p.Key} -> {string.Join(", ", p.Value)}");
        var found = Project.Shipped.Select(p => $"{p.Name} -> {string.Join(", ", p.Projects)}");
        Assert.Equal(drawn.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    // What a client needs must be in the contract: it is all that people who write one in another language have.
    [Fact]
    public void Clients_SeeTheContract_AndNothingElseOfTheServer()
    {
        var clients = Project.All.Where(p => p.Path.StartsWith("clients/", StringComparison.Ordinal)).ToList();
        var drawn = clients.Select(p => p.Name).Append("Inference.Contracts").ToHashSet(StringComparer.Ordinal);
        Assert.Contains(clients, p => p.Name == "Inference.Client");
        Offences.None(clients.SelectMany(p => p.Projects.Where(r => !drawn.Contains(r)).Select(r => $"{p.Name} -> {r}")));
    }

    [Fact]
    public void Projects_AreInTheSolution_AllOfThem()
    {
        var solution = Tree.Read("Inference.sln").Replace('\\', '/');
        Assert.DoesNotContain(Project.All, p => !solution.Contains(p.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void LLamaSharp_IsReferencedByInferenceLlama_Only()
    {
        Assert.Equal(["Inference.Llama"], Project.All.Where(p => p.Packages.Any(n => n.StartsWith("LLamaSharp", StringComparison.Ordinal))).Select(p => p.Name));
        Assert.Equal(["Inference.Llama"], Project.Shipped.Where(p => p.Assembly.GetReferencedAssemblies().Any(a => a.Name == "LLamaSharp")).Select(p => p.Name));
    }

    [Fact]
    public void UnsafeCode_IsAllowedInInferenceLlama_Only() =>
        Assert.Equal(["Inference.Llama"], Project.All.Where(p => p.Xml.Descendants("AllowUnsafeBlocks").Any(e => e.Value == "true")).Select(p => p.Name));

    [Fact]
    public void AspNet_IsSeenByTheDoors_Only() =>
        Assert.Equal(["Inference.Facade", "Inference.Server", "Inference.Services"], Project.Shipped.Where(p => p.SeesAspNet).Select(p => p.Name));

    [Fact]
    public void Errors_SeesGoogleRpcAndStatusCodes_Only() =>
        Assert.Equal(["Google.Api.CommonProtos", "Google.Protobuf", "Grpc.Core.Api"], Project.Shipped.Single(p => p.Name == "Inference.Errors").Packages);

    [Fact]
    public void Contracts_HoldsGeneratedCode_Only() => Offences.None(Tree.CSharp("src/Inference.Contracts/").Select(f => f.Path));

    [Theory]
    [InlineData("Inference.GoJson")]
    [InlineData("Inference.HttpErrors")]
    [InlineData("Inference.Prompts")]
    public void PureProject_UsesNoInputAndNoOutput(string project)
    {
        string[] doors = ["System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.Environment", "System.Console", "System.Diagnostics.Process"];
        var used = TypesUsedBy(Project.Shipped.Single(p => p.Name == project));
        Assert.DoesNotContain(used, t => t.StartsWith("System.Net.", StringComparison.Ordinal) || doors.Contains(t, StringComparer.Ordinal));
    }

    // References between projects are transitive for the compiler: that nothing is used past a wall shows in the metadata only.
    [Fact]
    public void Facade_UsesServicesAndNothingBehindThem() =>
        Assert.Subset(
            new HashSet<string>(["Inference.Contracts", "Inference.Errors", "Inference.GoJson", "Inference.HttpErrors", "Inference.Services"], StringComparer.Ordinal),
            new HashSet<string>(OwnReferences("Inference.Facade"), StringComparer.Ordinal));

    [Fact]
    public void Doors_UseOfTheEngine_NothingThatHoldsMemory()
    {
        var llama = Project.Shipped.Single(p => p.Name == "Inference.Llama").Assembly;
        var used = Doors.SelectMany(n => TypesUsedBy(Project.Shipped.Single(p => p.Name == n)))
            .Select(t => llama.GetType(t)).OfType<Type>().Distinct();
        Offences.None(used.Where(typeof(IDisposable).IsAssignableFrom).Select(t => t.FullName!));
    }

    private static IEnumerable<string> OwnReferences(string project) =>
        Project.Shipped.Single(p => p.Name == project).Assembly.GetReferencedAssemblies()
            .Select(a => a.Name!).Where(n => n.StartsWith("Inference.", StringComparison.Ordinal));

    private static List<string> TypesUsedBy(Project project)
    {
        using var file = new PEReader(File.OpenRead(project.Assembly.Location));
        var metadata = file.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(metadata.GetTypeReference).Select(t => $"{metadata.GetString(t.Namespace)}.{metadata.GetString(t.Name)}")];
    }
}
