using System.Text;

namespace Inference.Runtime.Sampling;

/// <summary>
/// Turns the bytes of tokens into text that is sure: whole characters, and nothing that could still become a stop text. A character that
/// the end of the output cuts off is left out, as in llama-server.
/// </summary>
internal sealed class OutputText(IReadOnlyList<string> stops, bool stopRepetition)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder(); // a token may end within a character
    private readonly StopFilter _stops = new(stops);
    private readonly RepetitionGuard? _repetition = stopRepetition ? new RepetitionGuard() : null;
    private readonly List<Pending> _tokens = []; // whose text is not out yet
    private char[] _held = new char[64];
    private int _length;    // characters held
    private long _released; // characters out
    private bool _opened;

    /// <summary>Which text ended the output.</summary>
    public string? StopSequence { get; private set; }

    /// <returns>Why the output ends with this token; null if it goes on. A token of a repetition that is one too many is not taken.</returns>
    public StopReason? Append(ReadOnlySpan<byte> bytes, TokenLogprobs? logprobs)
    {
        var start = _length;
        Decode(bytes);
        if (_length > start && _repetition?.Exceeds(_held.AsSpan(start, _length - start)) is true)
        {
            _length = start;
            return StopReason.Repetition;
        }

        _tokens.Add(new Pending(_released + start, logprobs));
        if (_stops.Find(_held.AsSpan(0, _length)) is not { } match)
        {
            return null;
        }

        _length = match.At;
        StopSequence = match.Stop;
        return StopReason.StopSequence;
    }

    /// <summary>What has become sure; null if nothing has. The first call gives a piece in any case: it says that the output has begun.</summary>
    public Piece? Take()
    {
        var sure = _stops.SureLength(_held.AsSpan(0, _length));
        if (sure == 0 && _opened)
        {
            return null;
        }

        _opened = true;
        var tokens = 0;
        while (tokens < _tokens.Count && _tokens[tokens].Start < _released + sure)
        {
            tokens++;
        }

        return Release(sure, tokens);
    }

    /// <summary>Everything that is left; null if that is nothing. Tokens whose text a stop text swallowed count, without log-probabilities.</summary>
    public Piece? TakeRest()
    {
        if (_length == 0 && _tokens.Count == 0)
        {
            return null;
        }

        return Release(_length, _tokens.Count);
    }

    private Piece Release(int length, int tokens)
    {
        var text = length == 0 ? "" : new string(_held, 0, length);
        var end = _released + length;
        List<TokenLogprobs>? logprobs = null;
        for (var i = 0; i < tokens; i++)
        {
            if (_tokens[i] is { Logprobs: { } known } token && (StopSequence is null || token.Start < end))
            {
                (logprobs ??= []).Add(known);
            }
        }

        _tokens.RemoveRange(0, tokens);
        _held.AsSpan(length, _length - length).CopyTo(_held);
        _length -= length;
        _released = end;
        return new Piece(text, tokens, logprobs);
    }

    private void Decode(ReadOnlySpan<byte> bytes)
    {
        var needed = _length + bytes.Length + 4; // four more: bytes kept from before may come out as replacement characters
        if (needed > _held.Length)
        {
            Array.Resize(ref _held, needed * 2);
        }

        _length += _decoder.GetChars(bytes, _held.AsSpan(_length), flush: false);
    }

    /// <param name="Start">Characters before its first.</param>
    private readonly record struct Pending(long Start, TokenLogprobs? Logprobs);
}
