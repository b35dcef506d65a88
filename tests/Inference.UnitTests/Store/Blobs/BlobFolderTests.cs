using Inference.Errors;
using Inference.Store.Blobs;

namespace Inference.UnitTests.Store.Blobs;

public sealed class BlobFolderTests : IDisposable
{
    private const string Hello = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("blobs-");

    private BlobFolder Blobs => new(Path.Combine(_root.FullName, "blobs"));

    [Fact]
    public async Task Writer_UntilItIsKept_HasNoName()
    {
        using (var writer = Blobs.Create())
        {
            await writer.WriteAsync("hel"u8.ToArray(), TestContext.Current.CancellationToken);
            await writer.WriteAsync("lo"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.Null(Blobs.SizeOf(Hello));
            Assert.All(Files(), static name => Assert.False(BlobDigest.IsValid(name)));

            Assert.Equal(new StoredBlob(Hello, 5, Existed: false), writer.Keep());
        }

        Assert.Equal([BlobDigest.FileName(Hello)!], Files());
        Assert.Equal("hello", await File.ReadAllTextAsync(Blobs.PathOf(Hello), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Writer_NotKept_LeavesNothing()
    {
        using (var writer = Blobs.Create())
        {
            await writer.WriteAsync("half"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        Assert.Empty(Files());
    }

    [Fact]
    public void Add_WhatIsThere_SaysSoAndLeavesTheOneThatIs()
    {
        Assert.False(Blobs.Add("hello"u8).Existed);
        File.SetLastWriteTimeUtc(Blobs.PathOf(Hello), DateTime.UnixEpoch);

        Assert.True(Blobs.Add("hello"u8).Existed);
        Assert.Single(Files());
        // It was used: whatever tidies up goes by that.
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(Blobs.PathOf(Hello)));
    }

    [Fact]
    public void SizeOf_OtherSpelling_IsAnotherBlob()
    {
        Blobs.Add("hello"u8);
        Assert.Equal(5, Blobs.SizeOf(Hello.Replace(':', '-')));
        Assert.Null(Blobs.SizeOf($"sha256:{Hello[7..].ToUpperInvariant()}"));
        Assert.Equal(Catalogue.BlobDigestInvalid, Assert.Throws<InferenceException>(() => Blobs.SizeOf("sha256:../../etc/passwd")).Error.Kind);
    }

    [Fact]
    public void Create_FolderIsAFile_SaysWhatCannotBeDone()
    {
        File.WriteAllText(Path.Combine(_root.FullName, "blobs"), "");
        var error = Assert.Throws<InferenceException>(() => Blobs.Create()).Error;
        Assert.Equal(Catalogue.StoreFailed, error.Kind);
        Assert.StartsWith("open ", error.Facts["operation"], StringComparison.Ordinal);
    }

    public void Dispose() => _root.Delete(recursive: true);

    private IReadOnlyList<string> Files() => [.. Directory.GetFiles(Path.Combine(_root.FullName, "blobs")).Select(static f => Path.GetFileName(f)!)];
}
