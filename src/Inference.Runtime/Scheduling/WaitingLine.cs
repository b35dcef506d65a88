namespace Inference.Runtime.Scheduling;

/// <summary>Sequences that wait for a slot: begun answers, then by priority, then first come, first served. Used by the engine thread.</summary>
internal sealed class WaitingLine
{
    private readonly List<Sequence> _line = []; // in the order of service; short, and changed far less often than a step is made

    public int Count => _line.Count;

    public Sequence First => _line[0];

    public void Add(Sequence sequence)
    {
        var place = _line.Count;
        while (place > 0 && RankOf(_line[place - 1]) < RankOf(sequence))
        {
            place--;
        }

        _line.Insert(place, sequence);
        Number(place);
    }

    public void RemoveFirst()
    {
        _line.RemoveAt(0);
        Number(0);
    }

    /// <summary>Takes out one that nobody wants any more; null if there is none.</summary>
    public Sequence? TakeCancelled()
    {
        for (var i = 0; i < _line.Count; i++)
        {
            if (_line[i] is { IsCancelled: true } sequence)
            {
                _line.RemoveAt(i);
                Number(i);
                return sequence;
            }
        }

        return null;
    }

    private static int RankOf(Sequence sequence) => sequence.Spec.Continues ? int.MaxValue : (int)sequence.Spec.Priority;

    private void Number(int from)
    {
        for (var i = from; i < _line.Count; i++)
        {
            _line[i].Output.MoveUp(i);
        }
    }
}
