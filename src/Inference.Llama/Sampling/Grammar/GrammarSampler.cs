namespace Inference.Llama;

/// <summary>A grammar, how far an output has got in it, and which tokens may come next.</summary>
internal sealed class GrammarSampler
{
    private readonly VocabularyPieces _pieces;
    private readonly GrammarMachine _machine;
    private readonly Dictionary<GrammarState, bool[]> _allowed = new(ReferenceEqualityComparer.Instance); // a text, a list: states come back
    private GrammarState _state;

    /// <exception cref="LlamaException">The grammar cannot be used; the message says why.</exception>
    public GrammarSampler(Vocabulary vocabulary, string grammar)
    {
        _pieces = vocabulary.Pieces;
        _machine = new GrammarMachine(Gbnf.Parse(grammar, name => vocabulary.Tokenize(name, addSpecial: false, parseSpecial: true) is [var one] ? one : null));
        _state = _machine.Start();
    }

    /// <summary>Whether the output may end here.</summary>
    public bool MayEnd => _state.MayEnd;

    public bool Allows(int token)
    {
        _machine.Begin();
        return _pieces.Ends.Contains(token) ? _state.MayEnd : !_machine.Next(_state, token, _pieces[token]).IsDead;
    }

    /// <summary>Of every token, whether it may come next.</summary>
    public ReadOnlySpan<bool> Allowed()
    {
        const int most = 16;
        if (!_allowed.TryGetValue(_state, out var allowed))
        {
            if (_allowed.Count == most)
            {
                _allowed.Clear();
            }

            _allowed[_state] = allowed = FindAllowed();
        }

        return allowed;
    }

    /// <summary>Goes on by a token that it allows.</summary>
    public void Accept(int token)
    {
        if (_pieces.Ends.Contains(token))
        {
            return;
        }

        _machine.Begin();
        _state = _machine.Next(_state, token, _pieces[token]);
        if (_machine.Trim(_state) is var trimmed && !ReferenceEquals(trimmed, _state))
        {
            _allowed.Clear();
            _state = trimmed;
        }
    }

    private bool[] FindAllowed()
    {
        var allowed = new bool[_pieces.Count];
        _machine.Begin();
        _pieces.Mark(_machine, _state, allowed);
        foreach (var element in _machine.Awaited(_state).Where(e => e.Kind is GbnfKind.Token or GbnfKind.NotToken))
        {
            for (var token = 0; token < allowed.Length; token++)
            {
                allowed[token] |= GrammarMachine.Matches(element, token, _pieces[token]);
            }
        }

        foreach (var end in _pieces.Ends)
        {
            allowed[end] = _state.MayEnd;
        }

        return allowed;
    }
}
