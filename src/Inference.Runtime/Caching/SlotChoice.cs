namespace Inference.Runtime.Caching;

/// <summary>Where the next sequence runs, and what it finds there.</summary>
/// <param name="Target">The slot it gets.</param>
/// <param name="Source">The slot whose beginning it shares, perhaps the same; null for none.</param>
/// <param name="Shared">Tokens of its prompt that the source holds.</param>
internal readonly record struct SlotChoice(Slot Target, Slot? Source, int Shared)
{
    // A copy moves a whole stream of a split cache, however little of it is shared: below this, computing is cheaper on a small model.
    public const int WorthACopy = 16;

    /// <summary>Chooses among the slots without an owner; null if there is none.</summary>
    /// <param name="slots">All, by id.</param>
    /// <param name="prompt">Its last token is never shared: the scores after it are needed.</param>
    /// <param name="split">Whether each slot has cells of its own.</param>
    /// <param name="canForget">Whether the memory can forget a part; if not, a prompt can only go on where a slot ends.</param>
    public static SlotChoice? For(IReadOnlyList<Slot> slots, ReadOnlySpan<int> prompt, bool split, bool canForget)
    {
        var (source, shared) = LongestPrefix(slots, prompt[..^1], canForget);
        Slot? best = null;
        var bestRank = default(Rank);
        foreach (var slot in slots)
        {
            if (slot.IsOwned)
            {
                continue;
            }

            var rank = new Rank(split ? Gaps(slots, slot.Id) : 0, KindOf(slot, source, shared), slot.LastUsed);
            if (best is null || rank.CompareTo(bestRank) < 0)
            {
                (best, bestRank) = (slot, rank);
            }
        }

        if (best is null)
        {
            return null;
        }

        return shared == 0 || (best != source && (!canForget || (split && shared < WorthACopy)))
            ? new SlotChoice(best, null, 0)
            : new SlotChoice(best, source, shared);
    }

    private static (Slot? Source, int Shared) LongestPrefix(IReadOnlyList<Slot> slots, ReadOnlySpan<int> prompt, bool canForget)
    {
        Slot? source = null;
        var shared = 0;
        foreach (var slot in slots)
        {
            var length = slot.CommonPrefix(prompt);
            if (!canForget && (slot.IsOwned || length < slot.Tokens.Count))
            {
                continue;
            }

            if (length > shared || (length == shared && length > 0 && source!.IsOwned && !slot.IsOwned)) // a warm one can be taken over
            {
                (source, shared) = (slot, length);
            }
        }

        return (source, shared);
    }

    // Rows of a split cache are computed together only where sequence ids are consecutive: a slot beside a running one costs nothing,
    // one that stands alone costs a pass over the weights of its own in every step.
    private static int Gaps(IReadOnlyList<Slot> slots, int id) =>
        1 - (id > 0 && slots[id - 1].IsOwned ? 1 : 0) - (id + 1 < slots.Count && slots[id + 1].IsOwned ? 1 : 0);

    private static int KindOf(Slot slot, Slot? source, int shared)
    {
        if (slot == source)
        {
            return shared * 2 >= slot.Tokens.Count ? 0 : 3; // taken over if that loses little, else kept for its own conversation
        }

        return slot.IsWarm ? 2 : 1;
    }

    private readonly record struct Rank(int Gaps, int Kind, long Age) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            var gaps = Gaps.CompareTo(other.Gaps);
            var kind = Kind.CompareTo(other.Kind);
            if (gaps != 0 || kind != 0)
            {
                return gaps != 0 ? gaps : kind;
            }

            return Kind == 1 ? 0 : Age.CompareTo(other.Age); // empty ones are equal: the lowest id wins
        }
    }
}
