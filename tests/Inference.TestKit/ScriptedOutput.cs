using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Inference.Runtime;

namespace Inference.TestKit;

/// <summary>The output of a <see cref="Script"/>: deterministic, because a piece becomes ready only when the reader waits for it.</summary>
internal sealed class ScriptedOutput : GenerationOutput
{
    private readonly Script _script;
    private readonly GenerationSpec _spec;
    private readonly Reciter _reciter;

    public ScriptedOutput(Script script, GenerationSpec spec, Action ended, CancellationToken ct)
    {
        (_script, _spec) = (script, spec);
        _reciter = new Reciter(script, onEnd: (failed, taken) =>
        {
            Conclude(failed, taken);
            ended();
        }, ct);
    }

    public override ChannelReader<Piece> Pieces => _reciter;

    public override GenerationResult? Result => _result;

    private GenerationResult? _result;

    public override GenerationPhase Phase =>
        _result is not null ? GenerationPhase.Ended
        : _script.Gate is { Task.IsCompleted: false } ? _script.WaitsIn
        : GenerationPhase.Output;

    public override int QueuePosition => Phase is GenerationPhase.Queue ? _script.QueuePosition : 0;

    public override TimeSpan? EstimatedWait => Phase is GenerationPhase.Queue ? _script.EstimatedWait : null;

    public override int PromptTokensDone => Phase is GenerationPhase.Queue or GenerationPhase.Prompt ? _script.PromptTokensDone : _spec.Prompt.Length;

    public override int CachedTokens => _script.CachedTokens;

    private void Conclude(bool failed, int taken)
    {
        var pieces = _script.Pieces.Take(taken).ToList();
        var tokens = pieces.Sum(static p => p.Tokens);
        int[] ids = [.. pieces.SelectMany(static p => p.Text.EnumerateRunes()).Select(static r => r.Value)];
        _result = _script.Result(new GenerationResult(
            failed ? StopReason.Failed : _script.Reason, _script.StopSequence, _spec.Prompt.Length, _script.CachedTokens, tokens, ids,
            Shifts: 0, TokensDropped: 0, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3)));
    }

    private sealed class Reciter : ChannelReader<Piece>
    {
        private readonly Script _script;
        private readonly Action<bool, int> _onEnd;
        private readonly CancellationToken _ct;
        private readonly TaskCompletionSource _completion = new();
        private int _taken;
        private int _ready;
        private int _ended;

        public Reciter(Script script, Action<bool, int> onEnd, CancellationToken ct)
        {
            (_script, _onEnd, _ct) = (script, onEnd, ct);
            ct.UnsafeRegister(static o => ((Reciter)o!).End(failed: true), this); // nobody needs to read on for it to end
        }

        public override Task Completion => _completion.Task;

        public override bool TryRead([MaybeNullWhen(false)] out Piece item)
        {
            item = default;
            if (_taken >= _ready)
            {
                return false;
            }

            item = _script.Pieces[_taken++];
            return true;
        }

        public override async ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_ct, cancellationToken);
            try
            {
                if (_script.Gate is { } gate)
                {
                    await gate.Task.WaitAsync(either.Token);
                }

                either.Token.ThrowIfCancellationRequested();
                if (_taken < _script.Pieces.Count)
                {
                    _ready = _script.Bursts ? _script.Pieces.Count : _taken + 1;
                    return true;
                }

                if (_script.Hangs)
                {
                    await Task.Delay(Timeout.Infinite, either.Token);
                }
            }
            catch (OperationCanceledException)
            {
                End(failed: true);
                throw;
            }

            End(_script.Failure is not null);
            return _script.Failure is null ? false : throw _script.Failure;
        }

        private void End(bool failed)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                _onEnd(failed, _taken);
                _completion.TrySetResult();
            }
        }
    }
}
