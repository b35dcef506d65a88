using System.Security.Cryptography;
using Inference.Store;
using Inference.Store.Blobs;
using Inference.Store.Gguf;
using Inference.Store.Names;
using Inference.TestKit;

namespace Inference.UnitTests.Store;

/// <summary>The store that comes with the server is whole.</summary>
public sealed class EmbeddedStoreTests
{
    private readonly ModelStore _store = new(Places.EmbeddedStore);

    [Fact]
    public void Blobs_AreNamedByTheirContent()
    {
        var files = Directory.GetFiles(_store.Blobs);

        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            using var file = File.OpenRead(path);
            Assert.Equal(BlobDigest.FileName(BlobDigest.Of(SHA256.HashData(file))), Path.GetFileName(path));
        }
    }

    [Fact]
    public void Manifests_SayTheSizesOnDisk()
    {
        var model = Assert.Single(_store.List());

        Assert.All(model.Layers, static layer => Assert.Equal(new FileInfo(layer.Path).Length, layer.SizeBytes));
        Assert.Equal(new DirectoryInfo(_store.Blobs).GetFiles().Sum(static file => file.Length), model.SizeBytes);
    }

    [Fact]
    public void Get_Toy_ReadsAllItsLayers()
    {
        var model = _store.Get(ModelName.Parse("toy")!, "toy");

        Assert.Equal("toy:latest", model.Name.DisplayName);
        Assert.Equal("gguf", model.Config.Format);
        Assert.Equal(Places.EmbeddedWeights, model.ModelPath);
        Assert.NotNull(model.Template);
        Assert.NotEmpty(model.Licenses);
        Assert.NotNull(model.Parameters);
    }

    [Fact]
    public void ReadWeights_Toy_HasFactsForLoading()
    {
        var weights = _store.Get(ModelName.Parse("toy")!, "toy").ReadWeights();

        Assert.Equal("llama", weights.Architecture);
        Assert.True(weights.Facts.ContextLength > 0);
        Assert.True(weights.Facts.VocabularySize > 0);
        Assert.True(weights.Facts.CacheBytesPerToken > 0);
        Assert.Equal(weights.Tensors.Sum(static tensor => tensor.ElementCount), weights.ParameterCount);
        GgufGuards.Check(Places.EmbeddedWeights);
    }
}
