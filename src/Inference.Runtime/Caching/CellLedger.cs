namespace Inference.Runtime.Caching;

/// <summary>
/// A mirror of a unified cache: which cells hold how many sequences. llama.cpp tells only after a failed decode that it is full; counting
/// here makes "does this request fit" a question with an answer.
/// </summary>
internal sealed class CellLedger(int count)
{
    private readonly int[] _references = new int[count];
    private readonly int[] _owners = new int[count];
    private readonly Stack<int> _free = new(Enumerable.Range(0, count).Reverse());

    public int Free => _free.Count;

    /// <summary>Cells that at least one running sequence holds.</summary>
    public int Owned { get; private set; }

    public int Take()
    {
        var cell = _free.Pop();
        _references[cell] = 1;
        Own(cell);
        return cell;
    }

    public void Share(int cell)
    {
        _references[cell]++;
        Own(cell);
    }

    /// <summary>A running sequence holds it from here on.</summary>
    public void Own(int cell) => Owned += _owners[cell]++ == 0 ? 1 : 0;

    public void Disown(int cell) => Owned -= --_owners[cell] == 0 ? 1 : 0;

    /// <summary>Gives up a reference that no running sequence holds any more.</summary>
    public void Drop(int cell)
    {
        if (--_references[cell] == 0)
        {
            _free.Push(cell);
        }
    }

    public bool IsShared(int cell) => _references[cell] > 1;
}
