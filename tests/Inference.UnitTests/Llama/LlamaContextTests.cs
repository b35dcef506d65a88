using Inference.Llama;
using Inference.TestKit;

namespace Inference.UnitTests.Llama;

public sealed class LlamaContextTests
{
    [Theory]
    [InlineData(CacheType.F32, null)]
    [InlineData(CacheType.F16, false)]
    [InlineData(CacheType.BF16, true)]
    [InlineData(CacheType.Q8_0, true)]
    [InlineData(CacheType.Q4_0, null)]
    public void Create_EveryCacheType_Decodes(CacheType type, bool? flash)
    {
        using var model = LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters());
        using var context = LlamaContext.Create(model, new ContextParameters { ContextLength = 256, CacheType = type, FlashAttention = flash });
        using var batch = new Batch(8);
        var row = batch.Add(1, 0, 0, logits: true);
        Assert.Equal(DecodeOutcome.Done, context.Decode(batch));
        Assert.True(float.IsFinite(context.Logits(row)[0]));
    }
}
