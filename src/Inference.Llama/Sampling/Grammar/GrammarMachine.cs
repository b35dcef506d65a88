using System.Text.Unicode;

namespace Inference.Llama;

/// <summary>
/// Follows bytes through a grammar. A place is a node: a position in the grammar and the node where it goes on after its rule. Equal
/// nodes and equal states are the same, so that most bytes cost one look-up, and a grammar that multiplies its readings is noticed.
/// </summary>
internal sealed class GrammarMachine(Gbnf grammar)
{
    private const int Bottom = -1;
    private const int MostWork = 500_000; // steps of one question: a fraction of a second
    private const int WorkOfAState = 8; // it may take 2 kB
    private const int MostStates = 4_096; // begun anew beyond
    private const int MostNodes = 200_000;

    private readonly List<Place> _nodes = [];
    private readonly Dictionary<Place, int> _known = [];
    private readonly HashSet<GrammarState> _states = [];
    private readonly Stack<Place> _open = [];
    private readonly HashSet<Place> _seen = [];
    private readonly List<int> _tops = [];
    private int _work;

    /// <summary>To be called before each question from outside: what it may cost.</summary>
    public void Begin() => _work = 0;

    public GrammarState Start()
    {
        foreach (var start in grammar.Starts[grammar.RootRule])
        {
            _open.Push(new Place(start, Bottom));
        }

        return Close();
    }

    /// <exception cref="LlamaException">There are too many readings of what came so far.</exception>
    public GrammarState Next(GrammarState state, byte value)
    {
        if (state.Next(value) is { } known)
        {
            return known;
        }

        foreach (var top in state.Tops)
        {
            var (position, parent) = _nodes[top];
            if (grammar.Elements[position] is (GbnfKind.Bytes, var set) && grammar.Sets[set].Contains(value))
            {
                _open.Push(new Place(position + 1, parent));
            }
        }

        var next = Close();
        state.SetNext(value, next);
        return next;
    }

    public GrammarState Next(GrammarState state, ReadOnlySpan<byte> values)
    {
        for (var i = 0; i < values.Length && !state.IsDead; i++)
        {
            state = Next(state, values[i]);
        }

        return state;
    }

    /// <summary>Where a token leads, by its bytes or by its id.</summary>
    public GrammarState Next(GrammarState state, int token, ReadOnlySpan<byte> piece)
    {
        var spelled = piece.IsEmpty ? GrammarState.Dead : Next(state, piece);
        foreach (var top in state.Tops)
        {
            var (position, parent) = _nodes[top];
            if (Matches(grammar.Elements[position], token, piece))
            {
                _open.Push(new Place(position + 1, parent));
            }
        }

        if (_open.Count == 0)
        {
            return spelled;
        }

        foreach (var top in spelled.Tops)
        {
            _open.Push(_nodes[top]);
        }

        return Close(spelled.MayEnd);
    }

    /// <summary>The elements that a state waits for.</summary>
    public IEnumerable<GbnfElement> Awaited(GrammarState state) => state.Tops.Select(top => grammar.Elements[_nodes[top].Position]);

    /// <summary>Whether an element that is about whole tokens takes this one: no token that is a part of a character, or nothing.</summary>
    public static bool Matches(GbnfElement element, int token, ReadOnlySpan<byte> piece) => element.Kind switch
    {
        GbnfKind.Token => element.Value == token && IsText(piece),
        GbnfKind.NotToken => element.Value != token && IsText(piece),
        _ => false,
    };

    /// <summary>Forgets all states but this where they have become too many.</summary>
    /// <returns>The state again.</returns>
    public GrammarState Trim(GrammarState state)
    {
        if (_states.Count <= MostStates && _nodes.Count <= MostNodes)
        {
            return state;
        }

        var needed = new SortedSet<int>(); // parents come before their children
        foreach (var top in state.Tops)
        {
            for (var node = top; node != Bottom && needed.Add(node); node = _nodes[node].Parent)
            {
            }
        }

        var moved = new Dictionary<int, int> { [Bottom] = Bottom };
        var kept = needed.Select(node => (Node: node, _nodes[node].Position, _nodes[node].Parent)).ToArray();
        _nodes.Clear();
        _known.Clear();
        _states.Clear();
        foreach (var (node, position, parent) in kept)
        {
            moved[node] = Node(position, moved[parent]);
        }

        var same = new GrammarState([.. state.Tops.Select(top => moved[top]).Order()], state.MayEnd);
        _states.Add(same);
        return same;
    }

    // Follows rules and ends until each open place waits for a byte or a token.
    private GrammarState Close(bool mayEnd = false)
    {
        while (_open.TryPop(out var place))
        {
            if (++_work > MostWork)
            {
                Clear();
                throw new LlamaException(LlamaFault.Grammar, "it has too many readings to be followed: a rule may begin with itself, or several ways may lead through the same text");
            }

            if (_seen.Add(place))
            {
                mayEnd |= Follow(place);
            }
        }

        _tops.Sort();
        var state = new GrammarState([.. _tops], mayEnd);
        Clear();
        return Same(state);
    }

    /// <returns>Whether this is the end of the grammar.</returns>
    private bool Follow(Place place)
    {
        var (position, parent) = place;
        switch (grammar.Elements[position].Kind)
        {
            case GbnfKind.End when parent == Bottom:
                return true;
            case GbnfKind.End:
                _open.Push(_nodes[parent]);
                return false;
            case GbnfKind.Rule:
                Enter(position, parent);
                return false;
            default:
                _tops.Add(Node(position, parent));
                return false;
        }
    }

    private GrammarState Same(GrammarState state)
    {
        if (state.Equals(GrammarState.Dead))
        {
            return GrammarState.Dead;
        }

        if (_states.TryGetValue(state, out var known))
        {
            return known;
        }

        _work += WorkOfAState;
        _states.Add(state);
        return state;
    }

    private void Enter(int position, int parent)
    {
        // At the end of its own rule there is nothing to come back to.
        var after = grammar.Elements[position + 1].Kind is GbnfKind.End ? parent : Node(position + 1, parent);
        foreach (var start in grammar.Starts[grammar.Elements[position].Value])
        {
            _open.Push(new Place(start, after));
        }
    }

    private static bool IsText(ReadOnlySpan<byte> piece) => !piece.IsEmpty && Utf8.IsValid(piece);

    private int Node(int position, int parent)
    {
        var place = new Place(position, parent);
        if (!_known.TryGetValue(place, out var node))
        {
            _known[place] = node = _nodes.Count;
            _nodes.Add(place);
        }

        return node;
    }

    private void Clear()
    {
        _open.Clear();
        _seen.Clear();
        _tops.Clear();
    }

    /// <param name="Position">In the grammar's elements.</param>
    /// <param name="Parent">The node that it goes on at after its rule.</param>
    private readonly record struct Place(int Position, int Parent)
    {
        public override int GetHashCode() => unchecked((Parent * 0x2C1B3C6D) + Position);
    }
}
