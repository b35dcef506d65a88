using Inference.Runtime.Caching;

namespace Inference.UnitTests.Runtime.Caching;

public sealed class CellLedgerTests
{
    [Fact]
    public void Cells_SharedByTwo_AreFreeWhenBothHaveLeft()
    {
        var ledger = new CellLedger(4);
        var cell = ledger.Take();
        ledger.Share(cell);
        Assert.Equal((3, 1, true), (ledger.Free, ledger.Owned, ledger.IsShared(cell)));

        ledger.Disown(cell);
        ledger.Drop(cell);
        Assert.Equal((3, 1, false), (ledger.Free, ledger.Owned, ledger.IsShared(cell)));

        ledger.Disown(cell); // its sequence has ended and leaves it warm
        Assert.Equal((3, 0), (ledger.Free, ledger.Owned));
        ledger.Drop(cell);
        Assert.Equal(4, ledger.Free);
    }
}
