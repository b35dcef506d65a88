using Inference.Llama;
using Inference.TestKit;

namespace Inference.UnitTests.Llama;

public sealed class BatchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65_537)]
    public void New_CapacityOutOfRange_Throws(int capacity) => Assert.Throws<ArgumentOutOfRangeException>(() => new Batch(capacity));

    [Fact]
    public void Add_ReturnsRowsInOrder()
    {
        using var batch = new Batch(2);
        Assert.Equal(0, batch.Add(1, 0, 0, logits: false));
        Assert.Equal(1, batch.Room);
        Assert.Equal(1, batch.Add(2, 1, 0, logits: true));
        Assert.Equal(2, batch.Count);
        batch.Clear();
        Assert.Equal(2, batch.Room);
        Assert.Equal(0, batch.Add(1, 0, 0, logits: false));
    }

    [Fact]
    public void Add_ToAFullBatch_Throws()
    {
        using var batch = new Batch(1);
        batch.Add(1, 0, 0, logits: false);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Add(1, 1, 0, logits: false));
        Assert.Equal(1, batch.Count);
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, int.MaxValue, 0)]
    [InlineData(0, 0, -1)]
    public void Add_IdsOutOfRange_Throws(int token, int position, int sequence)
    {
        using var batch = new Batch(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Add(token, position, sequence, logits: true));
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public void Add_AfterDispose_Throws()
    {
        var batch = new Batch(1);
        batch.Dispose();
        batch.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch.Add(1, 0, 0, logits: false));
    }

    [Fact]
    public void Add_AllocatesNothing()
    {
        using var batch = new Batch(64);
        Assert.Equal(0, Allocation.Of(() =>
        {
            batch.Clear();
            for (var i = 0; i < 64; i++)
            {
                batch.Add(1, i, 0, logits: true);
            }
        }));
    }
}
