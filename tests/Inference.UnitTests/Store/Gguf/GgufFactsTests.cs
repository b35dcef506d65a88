using Inference.Store.Gguf;

namespace Inference.UnitTests.Store.Gguf;

public sealed class GgufFactsTests
{
    [Fact]
    public void Facts_SilentFile_AreNothing()
    {
        var file = Read(new GgufBytes());

        Assert.Equal("unknown", file.Architecture);
        Assert.Equal((0, 0, 0, 0, 0), (file.Facts.ContextLength, file.Facts.EmbeddingLength, file.Facts.BlockCount, file.Facts.CacheBytesPerToken, file.Facts.VocabularySize));
        Assert.Equal(("", "", null), (file.Facts.FileTypeName, file.Facts.ChatTemplate, file.Facts.SplitNumber));
        Assert.False(file.Facts.HasPooling || file.Facts.HasVision || file.Facts.HasAudio);
    }

    [Fact]
    public void CacheBytesPerToken_HeadLengthFromTheEmbedding_IsKeysAndValuesOfAllLayers()
    {
        // 2 layers * 2 heads * (16 + 16) numbers * 2 bytes
        Assert.Equal(256, Facts(4u, 2u).CacheBytesPerToken);
    }

    [Fact]
    public void CacheBytesPerToken_OwnLengthsAndHeadsByLayer_AreSummed()
    {
        var bytes = Model().Add("x.attention.key_length", GgufType.UInt32, 100u).Add("x.attention.value_length", GgufType.UInt32, 50u)
            .AddArray("x.attention.head_count_kv", GgufType.Int32, 3, 0);

        Assert.Equal(3 * 150 * 2, Read(bytes).Facts.CacheBytesPerToken);
        Assert.Equal([3L, 0L], Read(bytes).Facts.KeyValueHeadCounts);
    }

    [Fact]
    public void CacheBytesPerToken_Absurd_IsBounded()
    {
        var bytes = Model().Add("x.attention.key_length", GgufType.UInt64, ulong.MaxValue / 2).Add("x.attention.head_count_kv", GgufType.UInt64, ulong.MaxValue / 2);

        Assert.Equal(long.MaxValue, Read(bytes).Facts.CacheBytesPerToken);
    }

    [Fact]
    public void KeyValueHeadCounts_NotSaid_AreTheQueryHeads() =>
        Assert.Equal([4L], Read(Model().Add("x.attention.head_count", GgufType.UInt32, 4u)).Facts.KeyValueHeadCounts);

    [Fact]
    public void Kinds_AreSeenByTheirKeys()
    {
        var facts = Read(Model().Add("x.pooling_type", GgufType.UInt32, 0u).Add("x.vision.block_count", GgufType.UInt32, 1u).Add("x.audio.block_count", GgufType.UInt32, 1u)).Facts;

        Assert.True(facts.HasPooling && facts.HasVision && facts.HasAudio);
    }

    [Theory]
    [InlineData(0u, "F32")]
    [InlineData(15u, "Q4_K_M")]
    [InlineData(38u, "MXFP4_MOE")]
    [InlineData(5u, "unknown")]
    [InlineData(1024u, "unknown")]
    public void FileTypeName_Number_HasItsName(uint number, string name) => Assert.Equal(name, Read(new GgufBytes().Add("general.file_type", GgufType.UInt32, number)).Facts.FileTypeName);

    private static GgufFacts Facts(uint heads, uint keyValueHeads) =>
        Read(Model().Add("x.attention.head_count", GgufType.UInt32, heads).Add("x.attention.head_count_kv", GgufType.UInt32, keyValueHeads)).Facts;

    private static GgufBytes Model() => new GgufBytes()
        .Add("general.architecture", GgufType.String, "x").Add("x.block_count", GgufType.UInt32, 2u).Add("x.embedding_length", GgufType.UInt32, 64u);

    private static GgufFile Read(GgufBytes bytes)
    {
        using var file = new TemporaryFile(bytes.ToArray());
        return GgufFile.Read(file.Path);
    }
}
