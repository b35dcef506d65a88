using System.Collections.Concurrent;
using Inference.Errors;
using Inference.GoJson;

namespace Inference.Store.Manifests;

/// <summary>Parsed manifests, as long as their files keep time and length: a listing of many models opens them, but parses them once.</summary>
internal sealed class ManifestCache
{
    // A safetensors model has a layer for each tensor: thousands, of about 200 bytes.
    private const int MaxManifestBytes = 16 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, ManifestEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Null if the file is not there.</summary>
    /// <exception cref="InferenceException">MODEL_CORRUPT, STORE_FAILED.</exception>
    public ManifestEntry? Read(string path, string requested)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var modifyTime = new DateTimeOffset(File.GetLastWriteTimeUtc(file.SafeFileHandle));
            if (_entries.TryGetValue(path, out var known) && known.ModifyTime == modifyTime && known.Length == file.Length)
            {
                return known;
            }

            var entry = new ManifestEntry(Parse(file, requested), modifyTime, file.Length);
            _entries[path] = entry;
            return entry;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Catalogue.StoreFailed.Because(e, $"open {path}: {(e is UnauthorizedAccessException ? "permission denied" : e.Message)}");
        }
    }

    /// <summary>Forgets manifests that are no longer there.</summary>
    public void KeepOnly(IReadOnlyList<ManifestFile> files)
    {
        if (_entries.Count <= files.Count)
        {
            return;
        }

        var paths = files.Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var path in _entries.Keys.Where(path => !paths.Contains(path)))
        {
            _entries.TryRemove(path, out _);
        }
    }

    private static Manifest Parse(FileStream file, string requested)
    {
        if (file.Length > MaxManifestBytes)
        {
            throw Catalogue.ModelCorrupt.For(requested, "", $"manifest of {file.Length} bytes is too large");
        }

        using var copy = new MemoryStream((int)file.Length);
        file.CopyTo(copy);
        var bytes = copy.GetBuffer().AsMemory(0, (int)copy.Length);
        try
        {
            return Manifest.Parse(bytes);
        }
        catch (GoJsonException e)
        {
            throw Catalogue.ModelCorrupt.Because(e, requested, Manifest.DigestOf(bytes.Span), e.Message);
        }
    }
}

internal sealed record ManifestEntry(Manifest Manifest, DateTimeOffset ModifyTime, long Length);
