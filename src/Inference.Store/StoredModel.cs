using System.Text.Json;
using Inference.Errors;
using Inference.Store.Gguf;
using Inference.Store.Manifests;
using Inference.Store.Names;

namespace Inference.Store;

/// <summary>A model in the store: its manifest and what the small layers hold. Weights are only pointed to.</summary>
/// <remarks>
/// From <see cref="ModelStore.List"/> it holds what a listing shows (name, digest, size, time, config, layers, paths and template);
/// system text, parameters, messages and licences are read by <see cref="ModelStore.Get"/> only.
/// </remarks>
public sealed record StoredModel
{
    /// <summary>As it is spelled on disk.</summary>
    public required ModelName Name { get; init; }

    /// <summary>As it was asked for: the spelling that errors name.</summary>
    public required string RequestedName { get; init; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits, of the manifest's bytes.</summary>
    public required string Digest { get; init; }

    /// <summary>Bytes of all layers and the config.</summary>
    public required long SizeBytes { get; init; }

    public required DateTimeOffset ModifyTime { get; init; }

    public required ModelConfig Config { get; init; }

    public required IReadOnlyList<StoredLayer> Layers { get; init; }

    /// <summary>The weights; null for a model that lives elsewhere or whose layer is missing, in the manifest or on disk.</summary>
    public string? ModelPath { get; init; }

    /// <summary>The other files of weights that come in several.</summary>
    public IReadOnlyList<string> ShardPaths { get; init; } = [];

    /// <summary>The model that the weights were taken from, as its maker called it; empty if they came from a file.</summary>
    public string ParentModel { get; init; } = "";

    public IReadOnlyList<string> ProjectorPaths { get; init; } = [];

    public IReadOnlyList<string> AdapterPaths { get; init; } = [];

    public string? DraftPath { get; init; }

    /// <summary>Go template; null if the model has none.</summary>
    public string? Template { get; init; }

    public string? System { get; init; }

    /// <summary>The stored parameters, in the order of the file; null if there are none.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Messages that come before every conversation: role and content.</summary>
    public IReadOnlyList<StoredMessage> Messages { get; init; } = [];

    public IReadOnlyList<string> Licenses { get; init; } = [];

    /// <summary>Reads the weights' header.</summary>
    /// <exception cref="InferenceException">MODEL_CORRUPT; MODEL_NOT_FOUND if there are no weights.</exception>
    public GgufFile ReadWeights(GgufDetail detail = GgufDetail.Header) =>
        ReadGguf(ModelPath ?? throw Catalogue.ModelNotFound.For(RequestedName), detail);

    /// <summary>Reads the header of one of its files: weights, projector, adapter.</summary>
    /// <exception cref="InferenceException">MODEL_CORRUPT; MODEL_NOT_FOUND if the file is not there.</exception>
    public GgufFile ReadGguf(string path, GgufDetail detail = GgufDetail.Header) => Guarded(path, p => GgufFile.Read(p, detail));

    /// <summary>Finds out, before the engine gets to see them, whether weights, adapters and projectors would harm it.</summary>
    /// <exception cref="InferenceException">MODEL_CORRUPT; MODEL_NOT_FOUND if one of them is not there.</exception>
    public void CheckWeights()
    {
        foreach (var file in (ReadOnlySpan<string>)[ModelPath ?? throw Catalogue.ModelNotFound.For(RequestedName), .. ShardPaths, .. AdapterPaths, .. ProjectorPaths])
        {
            Guarded(file, static path =>
            {
                GgufGuards.Check(path);
                return true;
            });
        }
    }

    private T Guarded<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (GgufException e)
        {
            throw Catalogue.ModelCorrupt.Because(e, RequestedName, DigestOf(path), e.Message);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Catalogue.ModelNotFound.Because(e, RequestedName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Catalogue.StoreFailed.Because(e, $"open {path}: {e.Message}");
        }
    }

    private string DigestOf(string path) => Layers.FirstOrDefault(layer => layer.Path == path)?.Digest ?? Digest;
}

/// <summary>A blob of a model. See <see cref="MediaTypes"/>.</summary>
/// <param name="MediaType">What it is.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="SizeBytes">As the manifest says.</param>
/// <param name="From">The model it was taken from; null if it came from a file.</param>
/// <param name="Path">Where it lies; it need not exist.</param>
public sealed record StoredLayer(string MediaType, string Digest, long SizeBytes, string? From, string Path);

public sealed record StoredMessage(string Role, string Content);
