namespace Inference.Runtime.Loading;

/// <summary>Vocabularies of models that are not loaded: the last few, each read once.</summary>
internal sealed class TokenizerCache(Func<LoadSpec, ITokenizer> read)
{
    private const int Kept = 4; // some ten megabytes each

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Path, Task<ITokenizer> Tokenizer)> _recent = []; // the newest first

    public Task<ITokenizer> GetAsync(LoadSpec spec)
    {
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Path == spec.Path && !node.Value.Tokenizer.IsFaulted) // a file that was mended is read again
                {
                    _recent.Remove(node);
                    _recent.AddFirst(node);
                    return node.Value.Tokenizer;
                }
            }

            var reading = LoadRun.OnItsOwnThread("vocabulary", () => read(spec));
            _recent.AddFirst((spec.Path, reading));
            if (_recent.Count > Kept)
            {
                _recent.RemoveLast(); // not closed: whoever got it may still use it, and the finaliser frees it
            }

            return reading;
        }
    }
}

/// <summary>A loaded model's vocabulary; when the model is gone, one read for the purpose.</summary>
internal sealed class EngineTokenizer(IEngine engine, Func<ITokenizer> instead) : ITokenizer
{
    public int VocabularySize { get; } = engine.Facts.VocabularySize;

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        try
        {
            return engine.Tokenize(text, addSpecial, parseSpecial);
        }
        catch (ObjectDisposedException)
        {
            return instead().Tokenize(text, addSpecial, parseSpecial);
        }
    }

    public byte[] Piece(int token, bool renderSpecial)
    {
        try
        {
            return engine.Piece(token, renderSpecial);
        }
        catch (ObjectDisposedException)
        {
            return instead().Piece(token, renderSpecial);
        }
    }
}
