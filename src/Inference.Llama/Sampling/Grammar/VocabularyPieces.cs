namespace Inference.Llama;

/// <summary>The bytes of all tokens, in their order, so that neighbours share their beginnings. Made once for a model, for its first grammar.</summary>
internal sealed class VocabularyPieces
{
    private readonly byte[][] _pieces; // empty for tokens that no text spells
    private readonly int[] _order;
    private readonly int[] _shared; // bytes that each has in common with the one before it in the order

    public VocabularyPieces(Vocabulary vocabulary)
    {
        _pieces = new byte[vocabulary.Size][];
        Ends = [.. Enumerable.Range(0, vocabulary.Size).Where(vocabulary.IsEnd)];
        Span<byte> bytes = stackalloc byte[1024];
        for (var token = 0; token < _pieces.Length; token++)
        {
            var length = Math.Max(0, vocabulary.Piece(token, bytes, special: true));
            _pieces[token] = length == 0 || bytes[0] == 0 ? [] : bytes[..length].ToArray();
        }

        _order = [.. Enumerable.Range(0, vocabulary.Size).Where(t => _pieces[t].Length > 0 && !Ends.Contains(t))];
        Array.Sort(_order, (a, b) => _pieces[a].AsSpan().SequenceCompareTo(_pieces[b]));
        _shared = new int[_order.Length];
        for (var i = 1; i < _order.Length; i++)
        {
            _shared[i] = _pieces[_order[i]].AsSpan().CommonPrefixLength(_pieces[_order[i - 1]]);
        }
    }

    public int Count => _pieces.Length;

    /// <summary>Tokens that end an answer.</summary>
    public HashSet<int> Ends { get; }

    public ReadOnlySpan<byte> this[int token] => _pieces[token];

    /// <summary>Marks the tokens whose bytes a grammar allows at a state.</summary>
    public void Mark(GrammarMachine machine, GrammarState state, bool[] allowed)
    {
        var states = new List<GrammarState> { state }; // after each byte of the last piece, up to where it died
        for (var i = 0; i < _order.Length; i++)
        {
            var piece = _pieces[_order[i]];
            var depth = states.Count - 1;
            if (_shared[i] > depth)
            {
                continue; // shares the byte that the last one died of
            }

            states.RemoveRange(_shared[i] + 1, depth - _shared[i]);
            for (var at = _shared[i]; at < piece.Length && machine.Next(states[at], piece[at]) is { IsDead: false } next; at++)
            {
                states.Add(next);
            }

            allowed[_order[i]] = states.Count == piece.Length + 1;
        }
    }
}
