using System.Text;
using Inference.GoJson;
using Inference.Store;
using Inference.Store.Manifests;

namespace Inference.UnitTests.Store.Manifests;

public sealed class ManifestTests
{
    [Fact]
    public void Parse_Manifest_KeepsConfigAndLayersInOrder()
    {
        var manifest = Parse("""
            {"schemaVersion":2,"config":{"mediaType":"c","digest":"d0","size":3},
             "layers":[{"mediaType":"a","digest":"d1","size":4,"from":"base:latest"},{"mediaType":"b","digest":"d2","size":5,"name":"n"}]}
            """);

        Assert.Equal("d0", manifest.Config.Digest);
        Assert.Equal(["d1", "d2"], manifest.Layers.Select(static layer => layer.Digest));
        Assert.Equal("base:latest", manifest.Layers[0].From);
        Assert.Equal("n", manifest.Layers[1].Name);
        Assert.Equal(12, manifest.SizeBytes);
    }

    [Fact]
    public void Parse_Keys_MatchWhateverTheirCaseAndTheLastWins() =>
        Assert.Equal("d2", Parse("""{"CONFIG":{"Digest":"d1","dIGEST":"d2"}}""").Config.Digest);

    [Fact]
    public void Parse_ASecondValueUnderAKey_IsMergedAndNullEmptiesAList()
    {
        var manifest = Parse("""{"config":{"digest":"d1","size":1},"config":{"size":2},"layers":[{"digest":"a","size":1},{"digest":"b"}],"layers":[{"size":3}]}""");
        Assert.Equal(("d1", 2), (manifest.Config.Digest, manifest.Config.SizeBytes));
        Assert.Equal([("a", 3L)], manifest.Layers.Select(static layer => (layer.Digest, layer.SizeBytes)));
        Assert.Empty(Parse("""{"layers":[{"digest":"a"}],"layers":null}""").Layers);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"config":null,"layers":null,"schemaVersion":null}""")]
    public void Parse_Nothing_IsAnEmptyManifest(string text) => Assert.Empty(Parse(text).Layers);

    [Theory]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type manifest.Manifest")]
    [InlineData("""{"schemaVersion":"2"}""", "json: cannot unmarshal string into Go struct field Manifest.schemaVersion of type int")]
    [InlineData("""{"schemaVersion":1.5}""", "json: cannot unmarshal number 1.5 into Go struct field Manifest.schemaVersion of type int")]
    [InlineData("""{"layers":{}}""", "json: cannot unmarshal object into Go struct field Manifest.layers of type []manifest.Layer")]
    [InlineData("""{"layers":[1]}""", "json: cannot unmarshal number into Go struct field Manifest.layers of type manifest.Layer")]
    [InlineData("""{"layers":[{"size":true}],"config":1}""", "json: cannot unmarshal bool into Go struct field Layer.layers.size of type int64")]
    [InlineData("""{"CONFIG":{"digest":[]}}""", "json: cannot unmarshal array into Go struct field Layer.config.digest of type string")]
    public void Parse_WrongShape_FailsWithTheFirstMismatch(string text, string error) => Assert.Equal(error, Assert.Throws<GoJsonException>(() => Parse(text)).Message);

    [Fact]
    public void Digest_IsOfTheFileNotOfItsMeaning() => Assert.NotEqual(Parse("{}").Digest, Parse("{} ").Digest);

    [Fact]
    public void SizeBytes_AbsurdSizes_DoNotThrow() => Assert.Equal(-2, Parse($$"""{"layers":[{"size":{{long.MaxValue}}},{"size":{{long.MaxValue}}}]}""").SizeBytes);

    [Theory]
    [InlineData("""{"model_format":1}""", "json: cannot unmarshal number into Go struct field ConfigV2.model_format of type string")]
    [InlineData("""{"model_families":["a",1]}""", "json: cannot unmarshal number into Go struct field ConfigV2.model_families of type string")]
    [InlineData("""{"context_length":1e3}""", "json: cannot unmarshal number 1e3 into Go struct field ConfigV2.context_length of type int")]
    [InlineData("not json", "invalid character 'o' in literal null (expecting 'u')")]
    public void Config_WrongShape_Fails(string text, string error) => Assert.Equal(error, Assert.Throws<GoJsonException>(() => ModelConfig.Parse(Encoding.UTF8.GetBytes(text))).Message);

    [Fact]
    public void Config_AllFields_AreRead()
    {
        var config = ModelConfig.Parse("""
            {"model_format":"gguf","model_family":"f","model_families":["f","g"],"model_type":"3B","file_type":"Q8_0","renderer":"r","parser":"p","requires":"0.1",
             "remote_host":"h","remote_model":"m","capabilities":["tools"],"context_length":10,"embedding_length":20,"base_name":"b",
             "draft":{"architecture":"a"},"architecture":"amd64","os":"linux","rootfs":{"type":"layers"}}
            """u8.ToArray());

        Assert.Equal(("gguf", "f", "3B", "Q8_0"), (config.Format, config.Family, config.ParameterSize, config.QuantizationLevel));
        Assert.Equal(["f", "g"], config.Families);
        Assert.Equal(("r", "p", "0.1", "h", "m"), (config.Renderer, config.Parser, config.Requires, config.RemoteHost, config.RemoteModel));
        Assert.Equal(["tools"], config.Capabilities);
        Assert.Equal((10, 20), (config.ContextLength, config.EmbeddingLength));
        Assert.Equal(("b", "a", "amd64", "linux"), (config.BaseName, config.Draft?.Architecture, config.Architecture, config.OperatingSystem));
        Assert.True(config.IsRemote);
    }

    private static Manifest Parse(string text) => Manifest.Parse(Encoding.UTF8.GetBytes(text));
}
