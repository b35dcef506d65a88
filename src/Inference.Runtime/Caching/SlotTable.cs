namespace Inference.Runtime.Caching;

/// <summary>
/// All slots of a context, and the only place that changes its memory: what the table says and what llama.cpp holds are changed together.
/// Used by the engine thread.
/// </summary>
internal sealed class SlotTable
{
    private readonly IDecoder _decoder;
    private readonly Slot[] _slots;
    private readonly CellLedger? _ledger; // of a unified cache; a slot of a split one is its own budget
    private int _owned;
    private long _clock;

    public SlotTable(IDecoder decoder, int slots, bool unified)
    {
        _decoder = decoder;
        _slots = [.. Enumerable.Range(0, slots).Select(static id => new Slot(id))];
        _ledger = unified ? new CellLedger(decoder.Cells) : null;
    }

    /// <summary>Cells that running sequences hold.</summary>
    public int CellsOwned => _ledger?.Owned ?? _owned;

    /// <summary>Gives a slot to a prompt, with what is known of it already; null if it has to wait.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="limit">Cells it may ever hold. They are promised: an admitted sequence never waits for another's.</param>
    public Slot? TryAdmit(ReadOnlySpan<int> prompt, int limit)
    {
        if (SlotChoice.For(_slots, prompt, split: _ledger is null, _decoder.CanForget) is not { } choice)
        {
            return null;
        }

        var (target, source, shared) = choice;
        if (target != source)
        {
            MoveAway(target, source);
        }

        Truncate(target, target == source ? shared : 0);
        if (!MakeRoom(target, source, shared, limit))
        {
            return null;
        }

        Own(target, limit);
        if (source is not null && source != target)
        {
            CopyPrefix(source, target, shared);
        }

        return target;
    }

    /// <summary>Notes that a token goes into the next position.</summary>
    public void Feed(Slot slot, int token)
    {
        slot.Pure += slot.Pure == slot.Tokens.Count ? 1 : 0;
        slot.Tokens.Add(token);
        _owned++;
        if (_ledger is not null)
        {
            slot.Cells.Add(_ledger.Take());
        }
    }

    /// <summary>Forgets all but the first <paramref name="length"/> positions; all of them if the memory cannot forget a part.</summary>
    public void Truncate(Slot slot, int length)
    {
        if (slot.Tokens.Count <= length)
        {
            return;
        }

        if (!_decoder.Remove(slot.Id, length, -1) && length > 0)
        {
            Truncate(slot, 0);
            return;
        }

        RemoveRange(slot, length, slot.Tokens.Count - length);
        slot.LastUsed = slot.IsWarm ? slot.LastUsed : 0;
    }

    /// <summary>Drops a stretch in the middle and closes the gap.</summary>
    /// <returns>False if other sequences hold some of the cells, or the memory cannot do it: then nothing has changed.</returns>
    public bool TryShift(Slot slot, int keep, int discard)
    {
        // In a unified cache a shared cell would move for all its holders.
        if (!_decoder.CanShift || (_ledger is not null && slot.Cells.Exists(_ledger.IsShared)) || !_decoder.Remove(slot.Id, keep, keep + discard))
        {
            return false;
        }

        _decoder.Shift(slot.Id, keep + discard, slot.Tokens.Count, -discard);
        RemoveRange(slot, keep, discard);
        return true;
    }

    /// <summary>The sequence has ended; its tokens stay warm.</summary>
    public void Release(Slot slot)
    {
        slot.IsOwned = false;
        slot.Limit = 0;
        slot.LastUsed = ++_clock;
        _owned -= slot.Tokens.Count;
        if (_ledger is not null)
        {
            slot.Cells.ForEach(_ledger.Disown);
        }
    }

    /// <summary>Forgets the warm slot that was used longest ago.</summary>
    public bool TryEvict(Slot? except = null, Slot? other = null)
    {
        Slot? oldest = null;
        foreach (var slot in _slots)
        {
            if (slot.IsWarm && slot != except && slot != other && (oldest is null || slot.LastUsed < oldest.LastUsed))
            {
                oldest = slot;
            }
        }

        if (oldest is not null)
        {
            Truncate(oldest, 0);
        }

        return oldest is not null;
    }

    /// <summary>
    /// A split cache chooses slots by their place. What a chosen one holds moves to an empty slot, or takes the place of something older: so
    /// what is forgotten is what was used longest ago, wherever it lay.
    /// </summary>
    private void MoveAway(Slot slot, Slot? source)
    {
        if (_ledger is not null || !slot.IsWarm || slot.Tokens.Count < SlotChoice.WorthACopy)
        {
            return;
        }

        Slot? place = null;
        foreach (var other in _slots)
        {
            if (!other.IsOwned && other != slot && other != source && (place is null || other.LastUsed < place.LastUsed))
            {
                place = other;
            }
        }

        if (place is null || (place.IsWarm && place.LastUsed > slot.LastUsed))
        {
            return;
        }

        Truncate(place, 0);
        _decoder.CopyAll(slot.Id, place.Id);
        place.Tokens.AddRange(slot.Tokens);
        (place.Pure, place.LastUsed) = (slot.Pure, slot.LastUsed);
        Truncate(slot, 0);
    }

    // Every admitted sequence can reach its limit: what is free less what was promised must cover the newcomer.
    private bool MakeRoom(Slot target, Slot? source, int shared, int limit)
    {
        if (_ledger is null)
        {
            return true;
        }

        var missing = limit - shared + Promised();
        while (_ledger.Free < missing && TryEvict(source, target))
        {
        }

        if (_ledger.Free < missing && source is { IsOwned: false })
        {
            Truncate(source, shared);
        }

        return _ledger.Free >= missing;
    }

    private int Promised()
    {
        var promised = 0;
        foreach (var slot in _slots)
        {
            promised += slot.IsOwned ? slot.Limit - slot.Tokens.Count : 0;
        }

        return promised;
    }

    private void Own(Slot slot, int limit)
    {
        slot.IsOwned = true;
        slot.Limit = limit;
        _owned += slot.Tokens.Count;
        if (_ledger is not null)
        {
            slot.Cells.ForEach(_ledger.Own);
        }
    }

    private void CopyPrefix(Slot source, Slot target, int length)
    {
        if (_ledger is not null)
        {
            _decoder.Share(source.Id, target.Id, length); // cells get a second owner, nothing is copied
            foreach (var cell in source.Cells.GetRange(0, length))
            {
                _ledger.Share(cell);
                target.Cells.Add(cell);
            }
        }
        else
        {
            _decoder.CopyAll(source.Id, target.Id); // whole streams only: a part aborts the process
            _decoder.Remove(target.Id, length, -1);
        }

        target.Tokens.AddRange(source.Tokens.GetRange(0, length));
        target.Pure = length;
        _owned += length;
    }

    private void RemoveRange(Slot slot, int from, int count)
    {
        if (_ledger is not null)
        {
            foreach (var cell in slot.Cells.GetRange(from, count))
            {
                if (slot.IsOwned)
                {
                    _ledger.Disown(cell);
                }

                _ledger.Drop(cell);
            }

            slot.Cells.RemoveRange(from, count);
        }

        slot.Tokens.RemoveRange(from, count);
        slot.Pure = Math.Min(slot.Pure, from);
        _owned -= slot.IsOwned ? count : 0;
    }
}
