using System.Numerics.Tensors;
using Inference.Llama;

namespace Inference.UnitTests.Llama;

public sealed class LlamaContextEmbeddingTests
{
    private static readonly ContextParameters Embedding = new() { ContextLength = 512, BatchSize = 512, Sequences = 4, Embeddings = true };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Create_EncoderToGenerate_IsNotSupported()
    {
        using var model = LlamaModel.Load(Toy.Golden("bert-tiny-rand-f16.gguf"), new ModelParameters(), ct: Ct);
        Toy.Throws(LlamaFault.Unsupported, () => LlamaContext.Create(model, Toy.Small));
    }

    [Fact]
    public void Encode_Encoder_EmbedsTextsIndependentlyOfTheirNeighbours()
    {
        using var model = LlamaModel.Load(Toy.Golden("bert-tiny-rand-f16.gguf"), new ModelParameters(), ct: Ct);
        using var context = LlamaContext.Create(model, Embedding);
        Assert.False(context.HasMemory);
        Assert.False(context.CanShift);
        Assert.NotEqual(PoolingType.None, context.Pooling);

        var alone = Embed(model, context, "a little cat")[0];
        var beside = Embed(model, context, "a big dog", "a little cat", "rain")[1];
        Assert.Equal(context.EmbeddingLength, alone.Length);
        Assert.Equal(1, TensorPrimitives.CosineSimilarity<float>(alone, beside), 4);
        Assert.NotEqual(alone, Embed(model, context, "rain")[0]);
    }

    [Fact]
    public void Encode_TextLongerThanTrained_Throws()
    {
        using var model = LlamaModel.Load(Toy.Golden("bert-tiny-rand-f16.gguf"), new ModelParameters(), ct: Ct);
        Assert.Equal(512, model.TrainedContext);
        using var context = LlamaContext.Create(model, Embedding with { ContextLength = 1024, BatchSize = 1024 });
        using var batch = new Batch(1024);
        for (var i = 0; i < 600; i++)
        {
            batch.Add(5, i, 0, logits: true);
        }

        Assert.Throws<ArgumentException>(() => context.Encode(batch)); // no such position: ended the process
        Assert.Throws<ArgumentException>(() => context.Decode(batch));
    }

    [Fact]
    public void Encode_MoreRowsThanABatch_Throws()
    {
        using var model = LlamaModel.Load(Toy.Golden("bert-tiny-rand-f16.gguf"), new ModelParameters(), ct: Ct);
        using var context = LlamaContext.Create(model, Embedding with { BatchSize = 16 });
        using var batch = new Batch(32);
        for (var i = 0; i < 17; i++)
        {
            batch.Add(5, i, 0, logits: true);
        }

        Assert.Throws<ArgumentException>(() => context.Encode(batch));
    }

    [Fact]
    public void Memory_OfAnEncoder_IsNothingToDo()
    {
        using var model = LlamaModel.Load(Toy.Golden("bert-tiny-rand-f16.gguf"), new ModelParameters(), ct: Ct);
        using var context = LlamaContext.Create(model, Embedding);
        context.Clear();
        context.Keep(0);
        context.CopyAll(0, 1);
        Assert.True(context.Remove(0, 0));
        Assert.Equal(-1, context.LastPosition(0));
        Toy.Throws(LlamaFault.Unsupported, () => context.Shift(0, 0, 1, 1));
    }

    [Theory]
    [InlineData(PoolingType.Mean)]
    [InlineData(PoolingType.Last)]
    [InlineData(PoolingType.Cls)]
    public void Pooling_OfAGenerator_IsAsAskedFor(PoolingType pooling)
    {
        using var context = Toy.Context(Embedding with { Pooling = pooling });
        Assert.Equal(pooling, context.Pooling);
        var vector = Embed(Toy.Model, context, "Once upon a time")[0];
        Assert.Equal(256, vector.Length);
        Assert.Contains(vector, v => v != 0);
    }

    [Fact]
    public void Pooling_DiffersByType()
    {
        float[] Vector(PoolingType pooling)
        {
            using var context = Toy.Context(Embedding with { Pooling = pooling });
            return Embed(Toy.Model, context, "Once upon a time")[0];
        }

        Assert.NotEqual(Vector(PoolingType.Mean), Vector(PoolingType.Last));
        Assert.NotEqual(Vector(PoolingType.Cls), Vector(PoolingType.Last));
    }

    [Fact]
    public void Pooling_None_GivesOneVectorARow()
    {
        using var context = Toy.Context(Embedding with { Pooling = PoolingType.None });
        var (row, _) = Toy.Feed(context, "Once upon a time");
        Assert.Equal(256, context.RowEmbedding(row).Length);
        Toy.Throws(LlamaFault.Compute, () => context.Embedding(0)); // nothing is pooled
    }

    [Fact]
    public void Embedding_OfAContextThatGenerates_IsAnError()
    {
        using var context = Toy.Context();
        Toy.Feed(context, "Once upon a time");
        Toy.Throws(LlamaFault.Compute, () => context.Embedding(0));
    }

    private static float[][] Embed(LlamaModel model, LlamaContext context, params string[] texts)
    {
        context.Clear();
        using var batch = new Batch(context.BatchSize);
        for (var sequence = 0; sequence < texts.Length; sequence++)
        {
            var tokens = model.Vocabulary.Tokenize(texts[sequence], addSpecial: true, parseSpecial: false);
            for (var i = 0; i < tokens.Length; i++)
            {
                batch.Add(tokens[i], i, sequence, logits: true);
            }
        }

        Assert.Equal(DecodeOutcome.Done, context.HasMemory ? context.Decode(batch) : context.Encode(batch));
        return [.. texts.Select((_, sequence) => context.Embedding(sequence).ToArray())];
    }
}
