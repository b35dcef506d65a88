using System.Text;
using Inference.Errors;
using Inference.Store;
using Inference.Store.Gguf;
using Inference.Store.Manifests;
using Inference.Store.Names;
using Inference.UnitTests.Store.Gguf;
using Microsoft.Extensions.Logging;

namespace Inference.UnitTests.Store;

public sealed class ModelStoreTests : IDisposable
{
    private const string Library = "registry.ollama.ai/library";

    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void List_RootDoesNotExist_IsEmpty() => Assert.Empty(new ModelStore(Path.Combine(_folder.Root, "nowhere")).List());

    [Theory]
    [InlineData("file")]
    [InlineData("manifests")]
    public void List_WhereAFolderShouldBeIsAFile_Fails(string name)
    {
        var file = Path.Combine(_folder.Root, name);
        File.WriteAllText(file, "");
        var root = name == "file" ? file : _folder.Root;

        var error = Assert.Throws<InferenceException>(() => new ModelStore(root).List()).Error;

        Assert.Same(Catalogue.StoreFailed, error.Kind);
        Assert.Equal($"open {root}/manifests: not a directory", error.Facts["operation"]);
    }

    [Fact]
    public void List_TakesOnlyFilesFourLevelsDeepWithValidNames()
    {
        _folder.Model($"{Library}/a/latest");
        _folder.Model("host:5000/ns/b/t");
        _folder.Model("h/n/too/deep/t");
        _folder.Manifest($"{Library}/c/.hidden", "{}");
        _folder.Manifest($"{Library}/.d/latest", "{}");
        _folder.Manifest("ns/with/few", "{}");
        _folder.Manifest("h/n.s/m/t", "{}");

        Assert.Equal(["a:latest", "host:5000/ns/b:t"], _folder.Store().List().Select(static model => model.Name.DisplayName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void List_LatestChangeComesFirst_WithinASecondByName()
    {
        foreach (var (name, seconds) in (ReadOnlySpan<(string, double)>)[("a", 10), ("b", 30.2), ("d", 20.9), ("c", 20.1)])
        {
            _folder.Model($"{Library}/{name}/latest");
            File.SetLastWriteTimeUtc(_folder.ManifestPath($"{Library}/{name}/latest"), DateTime.UnixEpoch.AddSeconds(seconds));
        }

        Assert.Equal(["b", "c", "d", "a"], _folder.Store().List().Select(static model => model.Name.Model));
    }

    [Fact]
    public void List_DamagedModel_IsLeftOutAndLoggedOnce()
    {
        var log = new ListLog();
        _folder.Model($"{Library}/good/latest");
        _folder.Manifest($"{Library}/bad/latest", "{nope");
        var store = new ModelStore(_folder.Root, log: log);

        Assert.Equal("good", Assert.Single(store.List()).Name.Model);
        Assert.Single(store.List());
        Assert.Contains("invalid character 'n'", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void List_DamagedParameters_AreNotNoticedThere()
    {
        _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Parameters, "{oops"u8.ToArray())]);

        Assert.Single(_folder.Store().List());
        Assert.Equal("invalid character 'o' looking for beginning of object key string", Failure("m").Facts["detail"]);
    }

    [Fact]
    public void List_AfterAChange_ShowsIt()
    {
        var store = _folder.Store();
        _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Template, "one"u8.ToArray())]);
        Assert.Equal("one", Assert.Single(store.List()).Template);

        _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Template, "another"u8.ToArray())]);
        Assert.Equal("another", Assert.Single(store.List()).Template);

        File.Delete(_folder.ManifestPath($"{Library}/m/latest"));
        Assert.Empty(store.List());
    }

    [Fact]
    public void Get_AllLayers_AreRead()
    {
        var digests = _folder.Model($"{Library}/m/latest", layers:
        [
            (MediaTypes.Model, "weights"u8.ToArray()), (MediaTypes.Projector, "p"u8.ToArray()), (MediaTypes.Adapter, "a"u8.ToArray()), (MediaTypes.Draft, "d"u8.ToArray()),
            (MediaTypes.Template, "t"u8.ToArray()), (MediaTypes.System, "s"u8.ToArray()), (MediaTypes.License, "l1"u8.ToArray()), (MediaTypes.License, "l2"u8.ToArray()),
            (MediaTypes.Parameters, """{"b":[1,2],"a":0.5}"""u8.ToArray()), (MediaTypes.Messages, """[{"role":"USER","content":"hi"},{"Role":"assistant"}]"""u8.ToArray()),
        ]);

        var model = Get("m");

        Assert.Equal(_folder.PathOf(digests[1]), model.ModelPath);
        Assert.Equal([_folder.PathOf(digests[2])], model.ProjectorPaths);
        Assert.Equal([_folder.PathOf(digests[3])], model.AdapterPaths);
        Assert.Equal(_folder.PathOf(digests[4]), model.DraftPath);
        Assert.Equal(("t", "s"), (model.Template, model.System));
        Assert.Equal(["l1", "l2"], model.Licenses);
        Assert.Equal("""{"b":[1,2],"a":0.5}""", model.Parameters?.GetRawText());
        Assert.Equal([new StoredMessage("user", "hi"), new StoredMessage("assistant", "")], model.Messages);
        Assert.Equal(digests.Skip(1), model.Layers.Select(static layer => layer.Digest));
    }

    [Theory]
    [InlineData("mixed", "Mixed")]
    [InlineData("MIXED:LATEST", "Mixed")]
    [InlineData("Registry.OLLAMA.ai/LIBRARY/mixed", "Mixed")]
    [InlineData("twice", "twice")]
    [InlineData("TWICE", "Twice")]
    public void Get_AnyCase_FindsTheModelPreferringTheExactOne(string requested, string found)
    {
        _folder.Model($"{Library}/Mixed/latest");
        _folder.Model($"{Library}/Twice/latest");
        _folder.Model($"{Library}/twice/latest");

        Assert.Equal(found, Get(requested).Name.Model);
    }

    [Fact]
    public void Get_ExactCase_FindsNoOther()
    {
        _folder.Model($"{Library}/Mixed/latest");

        Assert.Same(Catalogue.ModelNotFound, Assert.Throws<InferenceException>(() => _folder.Store().Get(ModelName.Parse("mixed")!, "mixed", exactCase: true)).Error.Kind);
    }

    [Fact]
    public void Get_NoSuchModel_NamesItAsRequested()
    {
        var error = Failure("Nope:V1");

        Assert.Same(Catalogue.ModelNotFound, error.Kind);
        Assert.Equal("Nope:V1", error.Facts["model"]);
    }

    [Theory]
    [InlineData(MediaTypes.Template)]
    [InlineData(MediaTypes.System)]
    [InlineData(MediaTypes.License)]
    [InlineData(MediaTypes.Parameters)]
    [InlineData(MediaTypes.Messages)]
    public void Get_SmallBlobIsMissing_IsNotFound(string mediaType)
    {
        var digests = _folder.Model($"{Library}/m/latest", layers: [(mediaType, "{}"u8.ToArray())]);
        File.Delete(_folder.PathOf(digests[1]));

        Assert.Same(Catalogue.ModelNotFound, Failure("m").Kind);
    }

    [Fact]
    public void Get_ConfigIsMissing_IsNotFound()
    {
        File.Delete(_folder.PathOf(_folder.Model($"{Library}/m/latest")[0]));

        Assert.Same(Catalogue.ModelNotFound, Failure("m").Kind);
    }

    [Fact]
    public void Get_WeightsAreMissing_IsNotNoticedBeforeTheyAreWanted()
    {
        File.Delete(_folder.PathOf(_folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Model, "w"u8.ToArray())])[1]));

        var model = Get("m");

        Assert.Null(model.ModelPath);
        Assert.Same(Catalogue.ModelNotFound, Assert.Throws<InferenceException>(() => model.ReadWeights()).Error.Kind);
        Assert.Single(_folder.Store().List());
    }

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("{", "unexpected EOF")]
    [InlineData("""{"layers":[{"digest":"sha256:zz"}]}""", "invalid digest format")]
    [InlineData("""{"layers":[{"digest":"../../etc/passwd"}]}""", "invalid digest format")]
    public void Get_DamagedManifest_TellsWhatAndInWhichFile(string manifest, string detail)
    {
        _folder.Manifest($"{Library}/m/latest", manifest);

        var error = Failure("m");

        Assert.Same(Catalogue.ModelCorrupt, error.Kind);
        Assert.Equal(detail, error.Facts["detail"]);
        Assert.Equal("m", error.Facts["model"]);
    }

    [Fact]
    public void Get_WrongJsonInALayer_TellsWhichBlob()
    {
        var digests = _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Messages, """{"a":1}"""u8.ToArray())]);

        var error = Failure("m");

        Assert.Equal("json: cannot unmarshal object into Go value of type []api.Message", error.Facts["detail"]);
        Assert.Equal(digests[1], error.Facts["digest"]);
    }

    [Theory]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData("""{"a":[1e999]}""", "json: cannot unmarshal number 1e999 into Go value of type float64")]
    public void Get_ParametersThatAreNone_AreCorrupt(string parameters, string detail)
    {
        _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Parameters, Encoding.UTF8.GetBytes(parameters))]);

        Assert.Equal(detail, Failure("m").Facts["detail"]);
    }

    [Fact]
    public void Get_BlobTooLargeForItsKind_IsRefusedUnread()
    {
        var digests = _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.System, "s"u8.ToArray())]);
        using (var file = File.OpenWrite(_folder.PathOf(digests[1])))
        {
            file.SetLength(1L << 40); // sparse
        }

        Assert.Same(Catalogue.ModelCorrupt, Failure("m").Kind);
    }

    [Fact]
    public void Get_WeightsInSeveralFiles_AreInTheOrderOfTheirNumbers()
    {
        var digests = _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Model, Part(2)), (MediaTypes.Model, Part(0)), (MediaTypes.Model, Part(1))]);

        var model = Get("m");

        Assert.Equal(_folder.PathOf(digests[2]), model.ModelPath);
        Assert.Equal([_folder.PathOf(digests[3]), _folder.PathOf(digests[1])], model.ShardPaths);
    }

    [Fact]
    public void Get_SeveralFilesOfWeightsThatAreNoParts_TheLastCounts()
    {
        var digests = _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Model, Part(0)), (MediaTypes.Model, "w"u8.ToArray())]);

        Assert.Equal(_folder.PathOf(digests[2]), Get("m").ModelPath);
        Assert.Empty(Get("m").ShardPaths);
    }

    [Fact]
    public void CheckWeights_DamagedProjector_TellsWhichBlob()
    {
        var digests = _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Model, Part(0)), (MediaTypes.Projector, new GgufBytes().Add("clip.use_gelu", GgufType.UInt8, (byte)1).ToArray())]);

        var error = Assert.Throws<InferenceException>(Get("m").CheckWeights).Error;

        Assert.Same(Catalogue.ModelCorrupt, error.Kind);
        Assert.Equal((digests[2], "clip.use_gelu is not of type Bool"), (error.Facts["digest"], error.Facts["detail"]));
    }

    [Fact]
    public void CheckWeights_MissingAdapter_IsNotFound()
    {
        var digests = _folder.Model($"{Library}/m/latest", layers: [(MediaTypes.Model, Part(0)), (MediaTypes.Adapter, Part(1))]);
        Get("m").CheckWeights();
        File.Delete(_folder.PathOf(digests[2]));

        Assert.Same(Catalogue.ModelNotFound, Assert.Throws<InferenceException>(Get("m").CheckWeights).Error.Kind);
    }

    [Fact]
    public void Get_RemoteModel_HasNoWeights()
    {
        _folder.Model($"{Library}/m/latest", """{"remote_host":"https://example.org","remote_model":"x"}""");

        Assert.Null(Get("m").ModelPath);
        Assert.True(Get("m").Config.IsRemote);
    }

    [Fact]
    public void Find_LinkToNowhere_FailsTheListingButNotTheModelsThatAreThere()
    {
        _folder.Model($"{Library}/m/latest");
        Directory.CreateDirectory(_folder.ManifestPath("h/n/m"));
        File.CreateSymbolicLink(_folder.ManifestPath("h/n/m/t"), "/nowhere/at/all");

        var error = Assert.Throws<InferenceException>(() => _folder.Store().List()).Error;

        Assert.Equal("m", Get("m").Name.Model);
        Assert.Same(Catalogue.StoreFailed, error.Kind);
        Assert.Equal($"stat {_folder.ManifestPath("h/n/m/t")}: no such file or directory", error.Kind.OllamaFormOf(error.Facts, OllamaRoute.Other).Text);
        Assert.Equal(new OllamaForm(404, "model 'x' not found"), Form(Failure("x"), OllamaRoute.Embed));
        Assert.Equal(new OllamaForm(400, "model is required"), Form(Failure("x"), OllamaRoute.Chat));
        Assert.Equal(400, Form(Failure("x"), OllamaRoute.Show).Status);
    }

    [Fact]
    public void Manifest_BehindALink_IsAModel()
    {
        _folder.Model($"{Library}/m/latest");
        File.CreateSymbolicLink(_folder.ManifestPath($"{Library}/m/other"), _folder.ManifestPath($"{Library}/m/latest"));

        Assert.Equal(2, _folder.Store().List().Count);
        Assert.Equal("other", Get("m:other").Name.Tag);
    }

    [Fact]
    public void Fallback_IsOfferedOnlyWhileThereIsNoModel()
    {
        using var own = new StoreFolder();
        _folder.Model($"{Library}/toy/latest");
        var store = new ModelStore(own.Root, _folder.Store());

        Assert.Equal("toy", Assert.Single(store.List()).Name.Model);
        Assert.Equal("toy", store.Get(ModelName.Parse("TOY")!, "TOY").Name.Model);
        Assert.Same(Catalogue.ModelNotFound, Assert.Throws<InferenceException>(() => store.Get(ModelName.Parse("x")!, "x")).Error.Kind);

        own.Model($"{Library}/mine/latest");
        Assert.Equal("mine", Assert.Single(store.List()).Name.Model);
        Assert.Same(Catalogue.ModelNotFound, Assert.Throws<InferenceException>(() => store.Get(ModelName.Parse("toy")!, "toy")).Error.Kind);
    }

    [Fact]
    public void Fallback_DamagedModelInTheStore_IsAModel()
    {
        using var own = new StoreFolder();
        _folder.Model($"{Library}/toy/latest");
        own.Manifest($"{Library}/mine/latest", "");

        Assert.Empty(new ModelStore(own.Root, _folder.Store()).List());
    }

    [Fact]
    public async Task List_WhileFilesComeAndGo_NeverThrows()
    {
        var store = _folder.Store();
        for (var i = 0; i < 10; i++)
        {
            _folder.Model($"{Library}/m{i}/latest", layers: [(MediaTypes.Template, Encoding.UTF8.GetBytes($"t{i}"))]);
        }

        var rounds = 0;
        var pulling = Task.Run(() =>
        {
            for (; rounds < 200; rounds++)
            {
                var name = $"m{rounds % 10}";
                Directory.Delete(_folder.ManifestPath($"{Library}/{name}"), recursive: true);
                _folder.Model($"{Library}/{name}/latest", layers: [(MediaTypes.Template, Encoding.UTF8.GetBytes($"{rounds}"))]);
            }
        });
        while (!pulling.IsCompleted)
        {
            Assert.All(store.List(), static model => Assert.NotNull(model.Template));
        }

        await pulling;
        Assert.Equal(10, store.List().Count);
    }

    private static byte[] Part(ushort number) => new GgufBytes().Add("split.no", GgufType.UInt16, number).ToArray();

    private static OllamaForm Form(Error error, OllamaRoute route) => error.Kind.OllamaFormOf(error.Facts, route);

    private StoredModel Get(string requested) => _folder.Store().Get(ModelName.Parse(requested)!, requested);

    private Error Failure(string requested) => Assert.Throws<InferenceException>(() => Get(requested)).Error;

    private sealed class ListLog : ILogger<ModelStore>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
