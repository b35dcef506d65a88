using Inference.Store.Gguf;

namespace Inference.UnitTests.Store.Gguf;

public sealed class GgufGuardsTests
{
    private const string Tokens = "tokenizer.ggml.tokens";

    [Fact]
    public void Check_GoodFile_Passes() => Check(Good());

    [Fact]
    public void Check_TokenTwice_IsRefused() =>
        Assert.Equal("token 2 occurs twice in the vocabulary", Failure(new GgufBytes().AddArray(Tokens, GgufType.String, "a", "b", "a")));

    [Fact]
    public void Check_DifferentBytesThatAreNoUtf8_AreDifferentTokens() =>
        Check(new GgufBytes().AddArray(Tokens, GgufType.String, new byte[] { 0xff }, new byte[] { 0xfe }, new byte[] { 0xc3 }));

    // llama.cpp calls an empty token [EMPTY_n], so several are allowed, but not one of that name.
    [Fact]
    public void Check_EmptyTokens_CountByTheNameTheyGet()
    {
        Check(new GgufBytes().AddArray(Tokens, GgufType.String, "", "", "a"));
        Assert.NotNull(Failure(new GgufBytes().AddArray(Tokens, GgufType.String, "[EMPTY_1]", "")));
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(1u, true)]
    [InlineData(512u, true)]
    [InlineData(513u, false)]
    [InlineData(100_000u, false)]
    public void Check_BlockCount_IsBounded(uint count, bool passes)
    {
        var file = new GgufBytes().Add("general.architecture", GgufType.String, "llama").Add("llama.block_count", GgufType.UInt32, count);

        Assert.Equal(passes, Failure(file) is null);
    }

    [Fact]
    public void Check_BlockCountAsBigNumber_IsRefused() =>
        Assert.NotNull(Failure(new GgufBytes().Add("general.architecture", GgufType.String, "x").Add("x.block_count", GgufType.UInt64, ulong.MaxValue)));

    [Theory]
    [InlineData(Tokens)]
    [InlineData("tokenizer.ggml.merges")]
    [InlineData("tokenizer.ggml.scores")]
    [InlineData("tokenizer.ggml.token_type")]
    public void Check_VocabularyOfAnotherType_IsRefused(string key)
    {
        Assert.StartsWith($"{key} is not an array of ", Failure(new GgufBytes().AddArray(key, GgufType.UInt8, (byte)1)), StringComparison.Ordinal);
        Assert.StartsWith($"{key} is not an array of ", Failure(new GgufBytes().Add(key, GgufType.String, "x")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.ggml.suppress_tokens", GgufType.String)]
    [InlineData("tokenizer.ggml.precompiled_charsmap", GgufType.String)]
    [InlineData("llama.attention.head_count", GgufType.String)]
    [InlineData("llama.attention.head_count", GgufType.Float32)]
    [InlineData("llama.feed_forward_length", GgufType.Float32)]
    [InlineData("llama.classifier.output_labels", GgufType.Float32)]
    public void Check_ArrayOfTheWrongElements_IsRefused(string key, GgufType type) =>
        Assert.StartsWith($"{key} is not an array of ", Failure(Llama().AddArray(key, type, type is GgufType.String ? "x" : 1f)), StringComparison.Ordinal);

    [Theory]
    [InlineData("llama.attention.head_count", GgufType.Int32)]
    [InlineData("llama.some_new_list", GgufType.String)]
    [InlineData("llama.classifier.output_labels", GgufType.String)]
    public void Check_ArrayOfTheRightElements_Passes(string key, GgufType type) => Check(Llama().AddArray(key, type, type is GgufType.String ? "x" : 1));

    [Theory]
    [InlineData(0, 0, 0, 0, true)]
    [InlineData(8, 2, 0, 0, true)]
    [InlineData(512, 512, 0, 0, true)]
    [InlineData(256, 8, 8, 4, true)]
    [InlineData(8, 2, 1, 0, true)]
    [InlineData(513, 2, 0, 0, false)]
    [InlineData(4, 5, 0, 0, false)]
    [InlineData(4, 0, 0, 0, false)]
    [InlineData(0, 2, 0, 0, false)]
    [InlineData(0, 0, 2, 0, false)]
    [InlineData(4, 2, 4, 1, false)]
    [InlineData(4, 2, 3, 1, false)]
    [InlineData(4, 2, 2, 0, false)]
    [InlineData(4, 2, 2, 2, false)]
    public void Check_Experts_MustMakeSense(int experts, int used, int groups, int usedGroups, bool passes)
    {
        var bytes = Llama().Add("llama.expert_count", GgufType.UInt32, (uint)experts).Add("llama.expert_used_count", GgufType.UInt32, (uint)used)
            .Add("llama.expert_group_count", GgufType.UInt32, (uint)groups).Add("llama.expert_group_used_count", GgufType.UInt32, (uint)usedGroups);

        Assert.Equal(passes, Failure(bytes) is null);
    }

    [Theory]
    [InlineData("yarn", null)]
    [InlineData("x", "llama.rope.scaling.type is \"x\", not one of none, linear, yarn, longrope")]
    public void Check_RopeScaling_IsOneThatThereIs(string scaling, string? error) => Assert.Equal(error, Failure(Llama().Add("llama.rope.scaling.type", GgufType.String, scaling)));

    [Theory]
    [InlineData("general.architecture", "String")]
    [InlineData("general.type", "String")]
    [InlineData("adapter.type", "String")]
    [InlineData("adapter.lora.alpha", "Float32")]
    [InlineData("clip.has_vision_encoder", "Bool")]
    [InlineData("clip.use_gelu", "Bool")]
    [InlineData("clip.projector_type", "String")]
    [InlineData("clip.vision.projector_type", "String")]
    [InlineData("clip.vision.embedding_length", "UInt32")]
    [InlineData("clip.audio.attention.head_count", "UInt32")]
    [InlineData("clip.vision.attention.layer_norm_epsilon", "Float32")]
    public void Check_AdapterOrProjectorKeyOfAnotherType_IsRefused(string key, string type) =>
        Assert.Equal($"{key} is not of type {type}", Failure(new GgufBytes().Add(key, GgufType.UInt64, 1UL)));

    [Fact]
    public void Check_ProjectorListThatIsNone_IsRefused() =>
        Assert.Equal("clip.vision.image_mean is not an array", Failure(new GgufBytes().Add("clip.vision.image_mean", GgufType.Float32, 1f)));

    [Fact]
    public void Check_ProjectorWithoutLayers_IsRefused() =>
        Assert.Equal("clip.vision.block_count is 0, not 1 to 512", Failure(new GgufBytes().Add("clip.vision.block_count", GgufType.UInt32, 0u)));

    [Fact]
    public void Check_FewerScoresThanTokens_IsRefused() => Assert.Equal(
        "tokenizer.ggml.scores has 1 elements for 2 tokens",
        Failure(new GgufBytes().AddArray(Tokens, GgufType.String, "a", "b").AddArray("tokenizer.ggml.scores", GgufType.Float32, 1f)));

    [Theory]
    [InlineData(64, null)]
    [InlineData(63, "tensor \"b\" reaches beyond the end of the file")]
    [InlineData(31, "tensor \"a\" reaches beyond the end of the file")]
    public void Check_DataBeyondTheEnd_IsRefused(int dataBytes, string? error) =>
        Assert.Equal(error, Failure(new GgufBytes { DataBytes = dataBytes }.Tensor("a", 0, 0, 8).Tensor("b", 0, 32, 8)));

    [Theory]
    [InlineData(0UL)]
    [InlineData(16UL)]
    [InlineData(64UL)]
    [InlineData(ulong.MaxValue)]
    public void Check_TensorAtAnotherPlace_IsRefused(ulong offset) =>
        Assert.Equal($"tensor \"b\" lies at {offset}, not at 32", Failure(new GgufBytes { DataBytes = 256 }.Tensor("a", 0, 0, 8).Tensor("b", 0, offset, 8)));

    [Fact]
    public void Check_RowsOfBrokenBlocks_AreRefused() =>
        Assert.Equal("tensor \"a\" has rows that are no whole blocks of Q4_0", Failure(new GgufBytes { DataBytes = 256 }.Tensor("a", 2, 0, 33)));

    [Fact]
    public void Check_HugeShapes_DoNotOverflow() =>
        Assert.Equal("tensor \"a\" reaches beyond the end of the file", Failure(new GgufBytes { DataBytes = 32 }.Tensor("a", 28, 0, 1UL << 59)));

    private static GgufBytes Good() => new GgufBytes { DataBytes = 64 }
        .Add("general.architecture", GgufType.String, "llama").Add("llama.block_count", GgufType.UInt32, 2u)
        .AddArray(Tokens, GgufType.String, "a", "b").AddArray("tokenizer.ggml.scores", GgufType.Float32, 1f, 2f).AddArray("tokenizer.ggml.token_type", GgufType.Int32, 1, 1)
        .Tensor("a", 0, 0, 8).Tensor("b", 0, 32, 8);

    private static GgufBytes Llama() => new GgufBytes().Add("general.architecture", GgufType.String, "llama");

    private static void Check(GgufBytes bytes) => Assert.Null(Failure(bytes));

    private static string? Failure(GgufBytes bytes)
    {
        using var file = new TemporaryFile(bytes.ToArray());
        return Record.Exception(() => GgufGuards.Check(file.Path)) switch
        {
            null => null,
            GgufException e => e.Message,
            var other => throw other,
        };
    }
}
