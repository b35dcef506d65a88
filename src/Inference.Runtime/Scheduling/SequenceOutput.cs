using System.Threading.Channels;

namespace Inference.Runtime.Scheduling;

/// <summary>Where a sequence's pieces go, and what others may know of it. Written by the engine thread.</summary>
internal sealed class SequenceOutput : GenerationOutput
{
    private readonly int _capacity;
    private readonly LoadCounter _load;
    private readonly TimeProvider _time;
    private readonly int _promptTokens;
    private readonly Channel<Piece> _channel;
    private readonly WakingReader _reader;
    private readonly List<int> _generated = [];
    private readonly long _submitted;
    private long _admitted;
    private long _firstToken;
    private long _lastToken;
    private volatile GenerationPhase _phase;
    private volatile int _queuePosition;
    private volatile int _promptTokensDone;
    private volatile int _cachedTokens;
    private volatile GenerationResult? _result;

    /// <param name="promptTokens">Tokens of the prompt.</param>
    /// <param name="settings">Of its engine.</param>
    /// <param name="load">Of its engine.</param>
    /// <param name="wake">Called when a reader that had fallen behind has read.</param>
    public SequenceOutput(int promptTokens, EngineSettings settings, LoadCounter load, Action wake)
    {
        (_promptTokens, _capacity, _load, _time) = (promptTokens, settings.OutputCapacity, load, settings.Time);
        _submitted = _time.GetTimestamp();
        _channel = Channel.CreateBounded<Piece>(new BoundedChannelOptions(_capacity)
        {
            SingleReader = true,
            SingleWriter = true,
            AllowSynchronousContinuations = false, // a reader's code never runs on the engine thread
        });
        _reader = new WakingReader(_channel.Reader, wake);
    }

    public override ChannelReader<Piece> Pieces => _reader;

    public override GenerationResult? Result => _result;

    public override GenerationPhase Phase => _phase;

    public override int QueuePosition => _queuePosition;

    public override TimeSpan? EstimatedWait => _phase is GenerationPhase.Queue ? _load.EstimateWaitAt(_queuePosition) : null;

    public override int PromptTokensDone => _promptTokensDone;

    public override int CachedTokens => _cachedTokens;

    public int Generated => _generated.Count;

    /// <summary>How long it has had its slot.</summary>
    public TimeSpan Held => _time.GetElapsedTime(_admitted);

    public int Shifts { get; private set; }

    public int TokensDropped { get; private set; }

    public void MoveUp(int position) => _queuePosition = position;

    public void Admitted(int cached)
    {
        _admitted = _time.GetTimestamp();
        _cachedTokens = cached;
        _promptTokensDone = cached;
        _queuePosition = 0;
        _phase = GenerationPhase.Prompt;
    }

    public void PromptAdvanced(int done) => _promptTokensDone = Math.Min(done, _promptTokens);

    /// <summary>A token was chosen that belongs to the answer.</summary>
    public void Chose(int token)
    {
        _generated.Add(token);
        Reached();
    }

    /// <summary>A token was chosen, perhaps one that only ends the answer.</summary>
    public void Reached()
    {
        _lastToken = _time.GetTimestamp();
        if (_firstToken == 0)
        {
            _firstToken = _lastToken;
            _phase = GenerationPhase.Output;
        }
    }

    public void Shifted(int dropped)
    {
        Shifts++;
        TokensDropped += dropped;
    }

    /// <summary>False while the reader has left as much lying as it may. Then its next read wakes the engine.</summary>
    public bool HasRoom()
    {
        if (_channel.Reader.Count < _capacity)
        {
            return true;
        }

        _reader.ExpectRead();
        return _channel.Reader.Count < _capacity; // it may have read just before it was asked to tell
    }

    /// <summary>Never more than one for each time <see cref="HasRoom"/> said yes.</summary>
    public void Write(Piece piece)
    {
        if (!_channel.Writer.TryWrite(piece))
        {
            throw new InvalidOperationException("a piece was made for a reader that is behind"); // it would be lost
        }
    }

    public void End(StopReason reason, string? stopSequence, Exception? failure)
    {
        var now = _time.GetTimestamp();
        var admitted = _admitted == 0 ? now : _admitted;
        var first = _firstToken == 0 ? now : _firstToken;
        _result = new GenerationResult(
            reason, stopSequence, _promptTokens, _cachedTokens, _generated.Count, _generated, Shifts, TokensDropped,
            _time.GetElapsedTime(_submitted, admitted), _time.GetElapsedTime(admitted, first),
            _time.GetElapsedTime(first, _firstToken == 0 ? now : _lastToken));
        _phase = GenerationPhase.Ended;
        _channel.Writer.TryComplete(failure);
    }
}
