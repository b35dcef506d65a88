using Inference.Errors;
using Inference.Store.Manifests;
using Inference.Store.Names;

namespace Inference.UnitTests.Store;

public sealed class StoreChangesTests : IDisposable
{
    private const string Library = "registry.ollama.ai/library";

    private readonly StoreFolder _folder = new();

    [Fact]
    public void Copy_GivesASecondNameAndReplacesTheOldOne()
    {
        _folder.Model($"{Library}/a/latest", layers: [(MediaTypes.System, "a"u8.ToArray())]);
        _folder.Model($"{Library}/b/latest", layers: [(MediaTypes.System, "b"u8.ToArray())]);
        var store = _folder.Store();

        Assert.True(store.Changes.Copy(Name("a"), Name("b")));
        Assert.True(store.Changes.Copy(Name("a"), Name("host.example:5000/ns/x:y")));
        Assert.False(store.Changes.Copy(Name("none"), Name("c")));

        Assert.Equal("a", store.Get(Name("b"), "b").System);
        Assert.Equal("a", store.Get(Name("host.example:5000/ns/x:y"), "").System);
        Assert.Equal(3, store.List().Count);
    }

    [Fact]
    public void Delete_TakesWithItWhatNoOtherModelHas()
    {
        var first = _folder.Model($"{Library}/a/latest", layers: [(MediaTypes.System, "shared"u8.ToArray()), (MediaTypes.License, "own"u8.ToArray())]);
        _folder.Model($"{Library}/b/latest", layers: [(MediaTypes.System, "shared"u8.ToArray())]);
        var store = _folder.Store();

        Assert.Equal(3, store.Changes.Delete(Name("a"), "a"));

        Assert.False(File.Exists(_folder.PathOf(first[2])));
        Assert.True(File.Exists(_folder.PathOf(first[1])));
        Assert.False(Directory.Exists(_folder.ManifestPath($"{Library}/a")));
        Assert.Equal("b:latest", Assert.Single(store.List()).Name.DisplayName);
        Assert.Null(store.Changes.Delete(Name("a"), "a"));
    }

    [Fact]
    public void Delete_LastModel_LeavesTheFolderOfManifests()
    {
        _folder.Model("h/n/m/t", layers: [(MediaTypes.System, "x"u8.ToArray())]);

        _folder.Store().Changes.Delete(ModelName.FromParts("h", "n", "m", "t")!, "h/n/m:t");

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder.Root, "manifests")));
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Root, "blobs")));
    }

    // What a damaged manifest needed is gone with its text; that must not keep others from being tidied up.
    [Fact]
    public void Delete_NeighbourIsDamaged_GoesOn()
    {
        _folder.Model($"{Library}/a/latest", layers: [(MediaTypes.System, "x"u8.ToArray())]);
        _folder.Manifest($"{Library}/b/latest", "{nope");

        Assert.True(_folder.Store().Changes.Delete(Name("a"), "a") > 0);
        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Root, "blobs")));
    }

    [Fact]
    public void Delete_DamagedModel_IsRefused()
    {
        _folder.Manifest($"{Library}/a/latest", "");
        var error = Assert.Throws<InferenceException>(() => _folder.Store().Changes.Delete(Name("a"), "a")).Error;
        Assert.Equal((Catalogue.ModelCorrupt, "EOF"), (error.Kind, error.Facts["detail"]));
        Assert.True(File.Exists(_folder.ManifestPath($"{Library}/a/latest")));
    }

    [Fact]
    public void Delete_DigestThatIsNone_SaysSoOnceTheModelIsGone()
    {
        _folder.Manifest($"{Library}/a/latest", """{"layers":[{"digest":"sha256:zz"}]}""");
        var error = Assert.Throws<InferenceException>(() => _folder.Store().Changes.Delete(Name("a"), "a")).Error;
        Assert.Equal(new OllamaForm(500, "invalid digest format"), error.ToOllama(OllamaRoute.Delete));
        Assert.False(File.Exists(_folder.ManifestPath($"{Library}/a/latest")));
    }

    [Fact]
    public void SpellingOf_EachPartByItself_IsThatOfTheStore()
    {
        _folder.Manifest("Host.example/Ns/Model/Tag", "{}");
        _folder.Manifest("host.example/ns/other/tag", "{}");
        var changes = _folder.Store().Changes;

        Assert.Equal("Host.example/Ns/Model:Tag", changes.SpellingOf(Name("HOST.EXAMPLE/NS/MODEL:TAG"), "").FullName);
        Assert.Equal("host.example/ns/Model:tag", changes.SpellingOf(Name("host.example/ns/model:tag"), "").FullName);
        Assert.Equal("Host.example/Ns/new:Tag", changes.SpellingOf(Name("hOST.example/nS/new:tAG"), "").FullName);
    }

    [Fact]
    public void Write_IsWholeOrNotAtAll()
    {
        var changes = _folder.Store().Changes;
        changes.Write(Name("m"), "{}\n"u8.ToArray());
        changes.Write(Name("m"), "{\"layers\":[]}\n"u8.ToArray());

        var file = Assert.Single(Directory.GetFiles(_folder.ManifestPath($"{Library}/m")));
        Assert.Equal("{\"layers\":[]}\n", File.ReadAllText(file));
    }

    // A model must not be left without a blob that another call has just begun to count on.
    [Fact]
    public void DeleteAndCopy_AtOnce_NeverLoseABlobThatAModelHas()
    {
        var digests = _folder.Model($"{Library}/a/latest", layers: [(MediaTypes.System, "x"u8.ToArray())]);
        var changes = _folder.Store().Changes;
        Parallel.For(0, 200, i =>
        {
            if (i % 2 == 0)
            {
                changes.Copy(Name("a"), Name($"copy{i}"));
            }
            else
            {
                changes.Delete(Name($"copy{i - 1}"), "");
            }
        });

        Assert.All(digests, d => Assert.True(File.Exists(_folder.PathOf(d))));
    }

    public void Dispose() => _folder.Dispose();

    private static ModelName Name(string text) => ModelName.Parse(text)!;
}
