using Inference.Errors;
using Inference.Store.Names;
using Microsoft.Extensions.Logging;

namespace Inference.Store.Manifests;

/// <summary>The folder <c>manifests</c>: a manifest is a file exactly four levels below it, whose path is a valid name.</summary>
internal sealed class ManifestTree(string folder, ILogger log)
{
    private const int Levels = 4;

    private readonly OnceLog _skipped = new();

    /// <summary>All manifests, by name. Empty if the folder does not exist.</summary>
    /// <exception cref="InferenceException">STORE_FAILED.</exception>
    public IReadOnlyList<ManifestFile> Enumerate()
    {
        var files = new List<ManifestFile>();
        Walk(new DirectoryInfo(folder), [], files);
        files.Sort(static (a, b) => string.CompareOrdinal(a.Name.FullName, b.Name.FullName));
        return files;
    }

    /// <summary>Where the manifest of this name lies or would lie.</summary>
    public string PathOf(ModelName name) => Path.Combine(folder, name.Host, name.Namespace, name.Model, name.Tag);

    /// <summary>The manifest of this name, spelled like this; null if there is none.</summary>
    public ManifestFile? FindExact(ModelName name)
    {
        var path = PathOf(name);
        return File.Exists(path) && !IsDangling(new FileInfo(path)) ? new ManifestFile(name, path) : null;
    }

    /// <summary>The manifest of this name, whatever its case: the one spelled like this, or else the first in order.</summary>
    /// <exception cref="InferenceException">STORE_FAILED.</exception>
    public ManifestFile? Find(ModelName name) => FindExact(name) ?? Enumerate().FirstOrDefault(file => file.Name.IsSame(name));

    /// <summary>A name with those of its parts that some model has in another case spelled as there: whoever writes it makes no second model of it.</summary>
    /// <exception cref="InferenceException">STORE_FAILED.</exception>
    public ModelName SpellingOf(ModelName name)
    {
        var files = Enumerate();
        return name with
        {
            Host = Spelled(files.Select(static f => f.Name.Host), name.Host),
            Namespace = Spelled(files.Select(static f => f.Name.Namespace), name.Namespace),
            Model = Spelled(files.Select(static f => f.Name.Model), name.Model),
            Tag = Spelled(files.Select(static f => f.Name.Tag), name.Tag),
        };
    }

    /// <summary>Writes a manifest, whole or not at all.</summary>
    public void Write(ModelName name, ReadOnlySpan<byte> content)
    {
        var path = PathOf(name);
        var part = Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}"); // no part of a name begins with a dot
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            File.WriteAllBytes(part, content);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Takes a manifest away, and the folders that are empty without it.</summary>
    public void Remove(string path)
    {
        File.Delete(path);
        for (var directory = Directory.GetParent(path); directory is not null && directory.FullName != folder; directory = directory.Parent)
        {
            if (directory.EnumerateFileSystemInfos().Any())
            {
                return;
            }

            directory.Delete();
        }
    }

    private static string Spelled(IEnumerable<string> stored, string part)
    {
        var same = stored.Where(s => ModelName.SamePart(s, part)).ToList();
        return same.Count == 0 || same.Contains(part, StringComparer.Ordinal) ? part : same[0];
    }

    private void Walk(DirectoryInfo directory, string[] parts, List<ManifestFile> files)
    {
        foreach (var entry in Entries(directory, isRoot: parts.Length == 0))
        {
            string[] path = [.. parts, entry.Name];
            var isFolder = entry is DirectoryInfo;
            if (path.Length < Levels)
            {
                if (isFolder)
                {
                    Walk((DirectoryInfo)entry, path, files);
                }
            }
            else if (!isFolder)
            {
                Take((FileInfo)entry, path, files);
            }
        }
    }

    private void Take(FileInfo file, string[] path, List<ManifestFile> files)
    {
        if (IsDangling(file))
        {
            // Ollama's listing stops here, too, and with these words.
            throw Catalogue.StoreFailed.For($"stat {file.FullName}: no such file or directory");
        }

        if (ModelName.FromParts(path[0], path[1], path[2], path[3]) is { } name)
        {
            files.Add(new ManifestFile(name, file.FullName));
        }
        else if (_skipped.IsFirst(file.FullName))
        {
            Log.ManifestNameInvalid(log, string.Join('/', path));
        }
    }

    private FileSystemInfo[] Entries(DirectoryInfo directory, bool isRoot)
    {
        try
        {
            return directory.GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException) when (!isRoot || !(File.Exists(directory.FullName) || File.Exists(directory.Parent?.FullName)))
        {
            return []; // no store yet, or a folder that went away meanwhile
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var reason = e is UnauthorizedAccessException ? "permission denied" : "not a directory";
            if (isRoot)
            {
                throw Catalogue.StoreFailed.Because(e, $"open {directory.FullName}: {reason}");
            }

            Log.FolderUnreadable(log, e, directory.FullName);
            return [];
        }
    }

    private static bool IsDangling(FileInfo file) => file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true };
}

/// <summary>A manifest on disk, not read yet.</summary>
internal sealed record ManifestFile(ModelName Name, string Path);
