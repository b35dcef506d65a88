using Inference.Runtime.Caching;

namespace Inference.UnitTests.Runtime.Caching;

public sealed class SlotChoiceTests
{
    private static readonly int[] Long = [.. Enumerable.Range(100, 60)];

    [Fact]
    public void For_NothingKnown_TakesTheLowestEmptySlot()
    {
        var choice = SlotChoice.For(Slots(Owned(), Empty(), Empty()), [1, 2, 3], split: true, canForget: true);

        Assert.Equal((1, null, 0), (choice!.Value.Target.Id, choice.Value.Source?.Id, choice.Value.Shared));
    }

    [Fact]
    public void For_AllOwned_IsNull() => Assert.Null(SlotChoice.For(Slots(Owned(), Owned()), [1], split: true, canForget: true));

    [Fact]
    public void For_PromptContinuesAWarmSlot_TakesItOver()
    {
        var choice = SlotChoice.For(Slots(Empty(), Warm(Long)), [.. Long, 1, 2], split: true, canForget: true)!.Value;

        Assert.Equal((1, 1, 60), (choice.Target.Id, choice.Source!.Id, choice.Shared));
    }

    [Fact]
    public void For_ExactlyTheWarmPrompt_LeavesTheLastTokenToEvaluate() =>
        Assert.Equal(59, SlotChoice.For(Slots(Warm(Long)), Long, split: true, canForget: true)!.Value.Shared);

    [Fact]
    public void For_LittleOfAWarmSlotIsShared_CopiesAndKeepsIt()
    {
        var choice = SlotChoice.For(Slots(Warm(Long), Empty()), [.. Long[..20], 1, 2], split: true, canForget: true)!.Value;

        Assert.Equal((1, 0, 20), (choice.Target.Id, choice.Source!.Id, choice.Shared));
    }

    [Fact]
    public void For_TooLittleForACopyOfAStream_EvaluatesAnew()
    {
        Assert.Equal(0, SlotChoice.For(Slots(Owned(Long), Empty()), [.. Long[..8], 1], split: true, canForget: true)!.Value.Shared);
        Assert.Equal(8, SlotChoice.For(Slots(Owned(Long), Empty()), [.. Long[..8], 1], split: false, canForget: true)!.Value.Shared);
    }

    [Fact]
    public void For_NoEmptySlot_TakesTheOldestWarmOne()
    {
        var slots = Slots(Warm([1, 2]), Warm([3, 4]), Warm([5, 6]));
        (slots[0].LastUsed, slots[1].LastUsed, slots[2].LastUsed) = (3, 1, 2);

        Assert.Equal(1, SlotChoice.For(slots, [9, 9], split: true, canForget: true)!.Value.Target.Id);
    }

    [Fact]
    public void For_SplitCache_KeepsRunningSlotsSideBySide()
    {
        var beside = SlotChoice.For(Slots(Empty(), Empty(), Owned(), Empty()), [1], split: true, canForget: true)!.Value;
        var between = SlotChoice.For(Slots(Empty(), Owned(), Empty(), Owned()), [1], split: true, canForget: true)!.Value;
        var unified = SlotChoice.For(Slots(Empty(), Empty(), Owned(), Empty()), [1], split: false, canForget: true)!.Value;

        Assert.Equal((1, 2, 0), (beside.Target.Id, between.Target.Id, unified.Target.Id));
    }

    [Fact]
    public void For_WarmSlotFarFromTheRunning_IsCopiedBesideThem()
    {
        var choice = SlotChoice.For(Slots(Owned(), Empty(), Empty(), Warm(Long)), [.. Long, 1], split: true, canForget: true)!.Value;

        Assert.Equal((1, 3, 60), (choice.Target.Id, choice.Source!.Id, choice.Shared));
    }

    [Fact]
    public void For_ShiftedSlot_SharesOnlyWhatItsTokensAloneWouldGive()
    {
        var slots = Slots(Warm(Long));
        slots[0].Pure = 4;

        Assert.Equal(4, SlotChoice.For(slots, [.. Long, 1], split: false, canForget: true)!.Value.Shared);
    }

    [Fact]
    public void For_MemoryThatCannotForget_OnlyGoesOnWhereASlotEnds()
    {
        Assert.Equal(60, SlotChoice.For(Slots(Warm(Long)), [.. Long, 1], split: true, canForget: false)!.Value.Shared);
        Assert.Equal(0, SlotChoice.For(Slots(Warm(Long)), Long, split: true, canForget: false)!.Value.Shared);
        Assert.Equal(0, SlotChoice.For(Slots(Owned(Long), Empty()), [.. Long, 1], split: true, canForget: false)!.Value.Shared);
        Assert.Equal(0, SlotChoice.For(Slots(Warm(Long)), [.. Long[..50], 1], split: false, canForget: false)!.Value.Shared);
    }

    private static Action<Slot> Empty() => static _ => { };

    private static Action<Slot> Warm(int[] tokens) => slot =>
    {
        slot.Tokens.AddRange(tokens);
        slot.Pure = tokens.Length;
    };

    private static Action<Slot> Owned(params int[] tokens) => slot =>
    {
        Warm(tokens)(slot);
        slot.IsOwned = true;
    };

    private static Slot[] Slots(params Action<Slot>[] states) =>
        [.. states.Select((set, id) =>
        {
            var slot = new Slot(id);
            set(slot);
            return slot;
        })];
}
