using Inference.Errors;
using Inference.Store.Identity;
using Inference.Store.Manifests;
using Inference.Store.Names;

namespace Inference.Store.Registry;

/// <summary>Pulls and pushes.</summary>
/// <param name="store">Where models go to and come from.</param>
/// <param name="http">How registries are reached: <see cref="RegistryHttp.Create"/>.</param>
/// <param name="keys">Who this server is.</param>
/// <param name="time">The clock.</param>
public sealed class Transfers(StoreChanges store, HttpClient http, KeyPair keys, TimeProvider time)
{
    /// <summary>Fetches a model. Its name is the name there and here.</summary>
    /// <param name="name">The name; its host is the registry.</param>
    /// <param name="requested">How the request spells it, for errors.</param>
    /// <param name="insecure">Over plain HTTP.</param>
    /// <param name="report">Hears of each step.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="InferenceException">REGISTRY_*, IDENTITY_UNREADABLE, TRANSFER_CORRUPT, STORE_FAILED, STORE_FULL.</exception>
    public Task PullAsync(ModelName name, string requested, bool insecure, Func<TransferProgress, ValueTask> report, CancellationToken ct) =>
        new Pull(store, Session(name, insecure), time, name, requested, report).RunAsync(ct);

    /// <summary>Sends a model.</summary>
    /// <param name="name">The name; its host is the registry.</param>
    /// <param name="requested">How the request spells it, for errors.</param>
    /// <param name="manifest">What it consists of.</param>
    /// <param name="insecure">Over plain HTTP.</param>
    /// <param name="report">Hears of each step.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="InferenceException">REGISTRY_*, IDENTITY_UNREADABLE, BLOB_NOT_FOUND, MODEL_CORRUPT.</exception>
    public Task PushAsync(ModelName name, string requested, Manifest manifest, bool insecure, Func<TransferProgress, ValueTask> report, CancellationToken ct) =>
        new Push(store, Session(name, insecure), time, name, requested, manifest, report).RunAsync(ct);

    private RegistrySession Session(ModelName name, bool insecure) => new(http, keys, time, name, insecure);
}
