using Inference.Store.Gguf;
using Inference.TestKit;

namespace Inference.UnitTests.Store.Gguf;

public sealed class GgufFileTests
{
    [Fact]
    public void Read_EveryType_KeepsTypeAndValue()
    {
        var file = Read(new GgufBytes()
            .Add("u8", GgufType.UInt8, (byte)255).Add("i8", GgufType.Int8, (sbyte)-1).Add("u16", GgufType.UInt16, (ushort)65535).Add("i16", GgufType.Int16, (short)-2)
            .Add("u32", GgufType.UInt32, uint.MaxValue).Add("i32", GgufType.Int32, int.MinValue).Add("u64", GgufType.UInt64, ulong.MaxValue).Add("i64", GgufType.Int64, long.MinValue)
            .Add("f32", GgufType.Float32, 1e-5f).Add("f64", GgufType.Float64, 1e-5).Add("yes", GgufType.Bool, true).Add("text", GgufType.String, "é"));

        Assert.Equal(
            [
                new(GgufType.UInt8, 255UL), new(GgufType.Int8, -1L), new(GgufType.UInt16, 65535UL), new(GgufType.Int16, -2L), new(GgufType.UInt32, (ulong)uint.MaxValue),
                new(GgufType.Int32, (long)int.MinValue), new(GgufType.UInt64, ulong.MaxValue), new(GgufType.Int64, long.MinValue), new(GgufType.Float32, 1e-5f),
                new(GgufType.Float64, 1e-5), new(GgufType.Bool, true), new(GgufType.String, "é"),
            ],
            file.Metadata.Values);
        Assert.Equal(["u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f32", "f64", "yes", "text"], file.Metadata.Keys);
    }

    [Fact]
    public void Read_Header_HasArraysByTheirLengthOnly()
    {
        var file = Read(new GgufBytes().AddArray("a", GgufType.String, "x", "yy").AddArray("b", GgufType.Float32, 1f, 2f).AddArray("c", GgufType.Int32).Add("after", GgufType.UInt8, (byte)7));

        Assert.Equal(new GgufArray(GgufType.String, 2, Values: null), file.Metadata["a"].Value);
        Assert.Equal(new GgufArray(GgufType.Float32, 2, Values: null), file.Metadata["b"].Value);
        Assert.Equal(new GgufArray(GgufType.Int32, 0, Values: null), file.Metadata["c"].Value);
        Assert.Equal(7, file.Metadata["after"].Integer);
    }

    [Fact]
    public void Read_Full_HasTheirValues()
    {
        var file = Read(
            new GgufBytes().AddArray("s", GgufType.String, "x", "yy").AddArray("f", GgufType.Float32, 0.5f).AddArray("i", GgufType.Int16, (short)-3)
                .AddArray("b", GgufType.Bool, true, false).AddArray("u", GgufType.UInt64, ulong.MaxValue),
            GgufDetail.Full);

        Assert.Equal(["x", "yy"], Values(file, "s"));
        Assert.Equal([0.5f], Values(file, "f"));
        Assert.Equal([-3L], Values(file, "i"));
        Assert.Equal([true, false], Values(file, "b"));
        Assert.Equal([ulong.MaxValue], Values(file, "u"));
    }

    [Fact]
    public void Read_Summary_StopsAtTheTokenizer()
    {
        var file = Read(new GgufBytes().Add("general.architecture", GgufType.String, "x").Add("tokenizer.ggml.model", GgufType.String, "y").Tensor("t", 0, 0, 1), GgufDetail.Summary);

        Assert.Equal(["general.architecture"], file.Metadata.Keys);
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void Read_Tensors_HaveTypesShapesAndSizes()
    {
        var file = Read(new GgufBytes { DataBytes = 512 }.Tensor("a", 1, 0, 3, 5).Tensor("b", 12, 32, 512).Tensor("c", 39, 320, 33).Tensor("d", 0, 352));

        Assert.Equal(["F16", "Q4_K", "MXFP4", "F32"], file.Tensors.Select(static tensor => tensor.Type));
        Assert.Equal([3UL, 5UL], file.Tensors[0].Shape);
        Assert.Equal([30, 288, -1, 4], file.Tensors.Select(static tensor => tensor.SizeBytes));
        Assert.Equal(15 + 512 + 33 + 1, file.ParameterCount);
    }

    [Fact]
    public void Read_Version2_IsRead() => Assert.Equal(2u, Read(new GgufBytes { Version = 2 }).Version);

    [Fact]
    public void Read_NoFile_IsNotACorruptOne() => Assert.Throws<FileNotFoundException>(static () => GgufFile.Read("/nowhere.gguf"));

    [Theory]
    [InlineData("", "EOF")]
    [InlineData("GGU", "unexpected EOF")]
    [InlineData("this is not a gguf file", "invalid file magic")]
    [InlineData("FUGG", "GGUF file is big-endian, which the engine does not read")]
    public void Read_NoGguf_Fails(string text, string error) => Assert.Equal(error, Failure(System.Text.Encoding.ASCII.GetBytes(text)));

    public static TheoryData<string, string> Lies { get; } = new()
    {
        { "version 1", "unsupported GGUF version 1" },
        { "version 4", "unsupported GGUF version 4" },
        { "keys", "GGUF file claims 18446744073709551615 keys" },
        { "tensors", "GGUF file claims 18446744073709551615 tensors" },
        { "more keys", "EOF" },
        { "more tensors", "failed to read tensor name: EOF" },
        { "type", "invalid type: 13" },
        { "array type", "invalid array type: 9" },
        { "array length", "GGUF array size 18446744073709551615 is too large" },
        { "array beyond", "unexpected EOF" },
        { "text length", "unexpected EOF" },
        { "key twice", "key \"a\" occurs twice" },
        { "tensor twice", "tensor \"t\" occurs twice" },
        { "dimensions", "tensor \"t\" has 5 dimensions" },
        { "shape", "tensor \"t\" has an impossible shape" },
        { "overflow", "tensor \"t\" has an impossible shape" },
        { "tensor type", "tensor \"t\" has unsupported type 4" },
        { "alignment", "invalid GGUF alignment: 0" },
        { "odd alignment", "invalid GGUF alignment: 33" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void Read_FileThatLies_IsRefused(string lie, string error) => Assert.Equal(error, Failure(Lie(lie).ToArray()));

    [Fact]
    public void Read_ClaimsOfSizes_CostNoMemory()
    {
        var bytes = Lie("array beyond").ToArray();
        using var file = new TemporaryFile(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<GgufException>(() => GgufFile.Read(file.Path, GgufDetail.Full));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Read_LargeVocabulary_MakesNoTexts()
    {
        var tokens = Enumerable.Range(0, 200_000).Select(static i => (object)$"token {i}").ToArray();
        using var file = new TemporaryFile(new GgufBytes().AddArray("tokenizer.ggml.tokens", GgufType.String, tokens).Add("after", GgufType.UInt8, (byte)1).ToArray());
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(200_000, GgufFile.Read(file.Path).Facts.VocabularySize);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Read_TextsLongerThanTheBuffer_AreWhole()
    {
        var text = new string('x', 200_000);

        Assert.Equal(text, Read(new GgufBytes().Add("a", GgufType.String, "s").Add("long", GgufType.String, text).Add("b", GgufType.UInt8, (byte)1)).Metadata["long"].Value);
    }

    [Fact]
    public void Read_MutatedToy_FailsOnlyWithItsOwnException()
    {
        var header = ToyHeader();
        var random = new Random(3);
        using var file = new TemporaryFile(header);
        for (var round = 0; round < 600; round++)
        {
            File.WriteAllBytes(file.Path, Mutated(header, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var errors = new[]
            {
                Record.Exception(() => GgufFile.Read(file.Path, GgufDetail.Full)), Record.Exception(() => GgufFile.Read(file.Path)),
                Record.Exception(() => GgufFile.Read(file.Path, GgufDetail.Summary)), Record.Exception(() => GgufGuards.Check(file.Path)),
            };

            Assert.All(errors, static error => Assert.True(error is null or GgufException, error?.ToString()));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100L * header.Length);
        }
    }

    // Without the weights: nothing reads them.
    private static byte[] ToyHeader()
    {
        var length = (int)GgufFile.Read(Places.EmbeddedWeights).DataOffset;
        using var file = File.OpenRead(Places.EmbeddedWeights);
        var header = new byte[length];
        file.ReadExactly(header);
        return header;
    }

    // Bytes changed, a stretch made of ones or noughts, or cut off: more often in the first part, where the structure is.
    private static byte[] Mutated(byte[] header, Random random)
    {
        var bytes = header.ToArray();
        for (var n = random.Next(1, 6); n > 0; n--)
        {
            var at = random.Next(random.Next(2) == 0 ? Math.Min(2000, bytes.Length) : bytes.Length);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.AsSpan(at, Math.Min(8, bytes.Length - at)).Fill(random.Next(2) == 0 ? (byte)0xff : (byte)0);
                    break;
                default:
                    bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Reverse();
                    break;
            }
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static GgufBytes Lie(string lie) => lie switch
    {
        "version 1" => new GgufBytes { Version = 1 },
        "version 4" => new GgufBytes { Version = 4 },
        "keys" => new GgufBytes { KeyCount = ulong.MaxValue },
        "tensors" => new GgufBytes { TensorCount = ulong.MaxValue },
        "more keys" => new GgufBytes { KeyCount = 2 }.Add("a", GgufType.UInt8, (byte)1),
        "more tensors" => new GgufBytes { TensorCount = 2 }.Tensor("t", 0, 0, 1),
        "type" => new GgufBytes().Raw("a", 13, static _ => { }),
        "array type" => new GgufBytes().Raw("a", 9, static writer => writer.Write(9u)).Raw("b", 0, static writer => writer.Write(new byte[64])),
        "array length" => new GgufBytes().Raw("a", 9, static writer => { writer.Write(0u); writer.Write(ulong.MaxValue); }),
        "array beyond" => new GgufBytes().Raw("a", 9, static writer => { writer.Write((uint)GgufType.Float64); writer.Write(1_000_000UL); }).Add("b", GgufType.UInt8, (byte)1),
        "text length" => new GgufBytes().Raw("a", 8, static writer => writer.Write(ulong.MaxValue)),
        "key twice" => new GgufBytes().Add("a", GgufType.UInt8, (byte)1).Add("a", GgufType.UInt8, (byte)1),
        "tensor twice" => new GgufBytes().Tensor("t", 0, 0, 1).Tensor("t", 0, 32, 1),
        "dimensions" => new GgufBytes().Tensor("t", 0, 0, 1, 1, 1, 1, 1),
        "shape" => new GgufBytes().Tensor("t", 0, 0, ulong.MaxValue),
        "overflow" => new GgufBytes().Tensor("t", 0, 0, 1UL << 32, 1UL << 32, 1UL << 32, 1UL << 32),
        "tensor type" => new GgufBytes().Tensor("t", 4, 0, 32),
        "alignment" => new GgufBytes().Add("general.alignment", GgufType.UInt32, 0u),
        _ => new GgufBytes().Add("general.alignment", GgufType.UInt32, 33u),
    };

    private static object[] Values(GgufFile file, string key) => [.. ((GgufArray)file.Metadata[key].Value).Values!.Select(static value => value.Value)];

    private static GgufFile Read(GgufBytes bytes, GgufDetail detail = GgufDetail.Header)
    {
        using var file = new TemporaryFile(bytes.ToArray());
        return GgufFile.Read(file.Path, detail);
    }

    private static string Failure(byte[] bytes)
    {
        using var file = new TemporaryFile(bytes);
        return Assert.Throws<GgufException>(() => GgufFile.Read(file.Path)).Message;
    }
}
