using System.Text;
using Inference.Errors;
using Inference.Store;
using Inference.Store.Identity;
using Inference.Store.Manifests;
using Inference.Store.Names;
using Inference.Store.Registry;
using Inference.TestKit;

namespace Inference.UnitTests.Store.Registry;

/// <summary>A store of its own beside a registry of its own.</summary>
internal sealed class TransferScene : IAsyncDisposable
{
    private readonly HttpClient _http = RegistryHttp.Create();
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("keys-");
    private readonly List<string> _heard = [];

    private TransferScene(MockRegistry registry) => (Registry, Keys) = (registry, new KeyPair(_keys.FullName));

    public StoreFolder Folder { get; } = new();

    public MockRegistry Registry { get; }

    public KeyPair Keys { get; }

    public ManualTime Time { get; } = new();

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Heard => _heard;

    /// <summary>What is done at each line.</summary>
    public Action<TransferProgress> OnLine { get; set; } = static _ => { };

    public ModelStore Store => Folder.Store();

    public static async Task<TransferScene> StartAsync() => new(await MockRegistry.StartAsync());

    public ModelName Name(string model) => ModelName.Parse($"{Registry.Host}/{model}")!;

    /// <summary>A manifest as the registry has it.</summary>
    public static string ManifestOf(string config, params string[] layers) =>
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.Manifest}}","config":{"mediaType":"{{MediaTypes.Config}}","digest":"{{config}}","size":1},"layers":[{{string.Join(',', layers.Select(static l => $$"""{"mediaType":"{{MediaTypes.System}}","digest":"{{l}}","size":1}"""))}}]}""";

    public async Task PullAsync(string model, StoreChanges? store = null)
    {
        var transfers = new Transfers(store ?? Store.Changes, _http, Keys, Time);
        await transfers.PullAsync(Name(model), model, insecure: true, HearAsync, TestContext.Current.CancellationToken);
    }

    public async Task PushAsync(string model)
    {
        var store = Store.Changes;
        await new Transfers(store, _http, Keys, Time).PushAsync(Name(model), model, store.Find(Name(model), model)!, insecure: true, HearAsync, TestContext.Current.CancellationToken);
    }

    public async Task<Error> PullFailsAsync(string model) => (await Assert.ThrowsAsync<InferenceException>(() => PullAsync(model))).Error;

    /// <summary>Files of blobs, and what was left half written.</summary>
    public IReadOnlyList<string> Blobs => Directory.Exists(Path.Combine(Folder.Root, "blobs")) ? [.. Directory.GetFiles(Path.Combine(Folder.Root, "blobs")).Select(static f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)] : [];

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        _http.Dispose();
        Folder.Dispose();
        _keys.Delete(recursive: true);
    }

    private ValueTask HearAsync(TransferProgress progress)
    {
        _heard.Add(progress.Digest.Length > 0 ? $"{progress.Status} {progress.CompletedBytes}/{progress.TotalBytes}" : progress.Status);
        OnLine(progress);
        return ValueTask.CompletedTask;
    }
}
