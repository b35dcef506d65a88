using System.Collections.Concurrent;
using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Caching;

namespace Inference.Runtime.Scheduling;

/// <summary>
/// What the engine thread does. It alone touches the context: admit, drop the cancelled, build one batch, decode it, choose a token for
/// each sequence, hand on its text. Nothing here is locked; sequences come in through a queue and pieces leave through channels.
/// </summary>
internal sealed class EngineLoop : IDisposable
{
    private readonly EngineSettings _settings;
    private readonly IDecoder _decoder;
    private readonly ConcurrentQueue<Sequence> _inbox;
    private readonly AutoResetEvent _wake;
    private readonly LoadCounter _load;
    private readonly Batch _batch;
    private readonly BatchBuilder _builder;
    private readonly SlotTable _slots;
    private readonly TokenChoice _choice;
    private readonly WaitingLine _waiting = new();
    private readonly List<Sequence> _running = []; // in slot order
    private readonly StepWatch _watch = new();
    private long _admissions;
    private volatile bool _stopping;

    public EngineLoop(LlamaModel model, IDecoder decoder, EngineSettings settings, ConcurrentQueue<Sequence> inbox, AutoResetEvent wake, LoadCounter load)
    {
        (_settings, _decoder, _inbox, _wake, _load) = (settings, decoder, inbox, wake, load);
        _batch = new Batch(settings.BatchSize);
        _slots = new SlotTable(decoder, settings.Slots, settings.Unified);
        _builder = new BatchBuilder(_batch, _slots, settings.PrefillShare);
        _choice = new TokenChoice(model, decoder, _slots, settings.ContextLength);
    }

    /// <summary>The thread.</summary>
    public void Run()
    {
        while (!_stopping)
        {
            try
            {
                if (!Step())
                {
                    _wake.WaitOne(); // no work, or every reader is behind: a submission, a cancellation, a read or the end wakes
                }
            }
            catch (Exception e)
            {
                FailAll(e);
            }
        }

        var draining = Catalogue.ServerDraining.For();
        foreach (var sequence in _running.ToArray())
        {
            Retire(sequence, StopReason.Failed, draining);
        }

        while (_waiting.Count > 0)
        {
            var sequence = _waiting.First;
            _waiting.RemoveFirst();
            End(sequence, wasActive: false, StopReason.Failed, draining);
        }
    }

    /// <summary>Ends the thread soon. From any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _decoder.Abort();
        _wake.Set();
    }

    /// <summary>The reader no longer wants it. From any thread.</summary>
    public void Cancel(Sequence sequence)
    {
        sequence.IsCancelled = true;
        if (_watch.Leave(sequence.LeaveStep()))
        {
            _decoder.Abort(); // nobody wants any row of the running batch; had it just ended, the next one is merely made twice
        }

        _wake.Set();
    }

    /// <summary>Tells the reader how it ended, after everything that others can see of it has been put right.</summary>
    public void End(Sequence sequence, bool wasActive, StopReason reason, Exception? failure)
    {
        sequence.Registration.Unregister();
        sequence.Sampler.Dispose();
        _load.Left(wasActive ? sequence.Output.Held : null, sequence.Spec.Priority);
        sequence.Output.End(reason, sequence.Text.StopSequence, failure);
    }

    public void Dispose() => _batch.Dispose();

    /// <returns>Whether there was anything to do.</returns>
    private bool Step()
    {
        while (_inbox.TryDequeue(out var sequence))
        {
            _waiting.Add(sequence);
        }

        DropCancelled();
        Admit();
        var wanted = _builder.Build(_running);
        _load.UseCells(_slots.CellsOwned);
        if (_batch.Count == 0)
        {
            return false;
        }

        var outcome = Decode(wanted);
        if (outcome is DecodeOutcome.Done)
        {
            Advance();
        }
        else
        {
            TakeBack(outcome);
        }

        _load.UseCells(_slots.CellsOwned);
        return true;
    }

    private void DropCancelled()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].IsCancelled)
            {
                Retire(_running[i], StopReason.Failed, Cancelled(_running[i]));
            }
        }

        while (_waiting.TakeCancelled() is { } sequence)
        {
            End(sequence, wasActive: false, StopReason.Failed, Cancelled(sequence));
        }
    }

    private void Admit()
    {
        while (_waiting.Count > 0 && _slots.TryAdmit(_waiting.First.Spec.Prompt, LimitOf(_waiting.First.Spec)) is { } slot)
        {
            var sequence = _waiting.First;
            _waiting.RemoveFirst();
            sequence.Slot = slot;
            sequence.Admission = ++_admissions;
            sequence.Output.Admitted(slot.Tokens.Count);
            _load.Started(sequence.Spec.Priority);
            var place = _running.Count;
            while (place > 0 && _running[place - 1].Slot!.Id > slot.Id)
            {
                place--;
            }

            _running.Insert(place, sequence);
        }
    }

    private int LimitOf(GenerationSpec spec) =>
        spec.Shift ? _settings.ContextLength : (int)Math.Min(spec.Prompt.Length + (long)spec.MaxTokens, _settings.ContextLength);

    private DecodeOutcome Decode(int wanted)
    {
        var step = _watch.Begin(wanted);
        foreach (var sequence in _running)
        {
            sequence.EnterStep(sequence.Rows > 0 ? step : 0);
            if (sequence.IsCancelled && _watch.Leave(sequence.LeaveStep()))
            {
                _watch.End();
                return DecodeOutcome.Aborted; // its canceller looked before the step had begun
            }
        }

        try
        {
            return _decoder.Decode(_batch);
        }
        finally
        {
            _watch.End();
        }
    }

    private void Advance()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            var sequence = _running[i];
            if (sequence.Rows == 0)
            {
                continue;
            }

            try
            {
                if (_choice.Advance(sequence) is { } end)
                {
                    Retire(sequence, end, failure: null);
                }
            }
            catch (Exception e)
            {
                Fail(sequence, e);
            }
        }
    }

    /// <summary>A batch that was not computed: what it had fed is taken back, and, unless it only has to be made again, its sequences fail.</summary>
    private void TakeBack(DecodeOutcome outcome)
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            var sequence = _running[i];
            if (sequence.Rows == 0)
            {
                continue;
            }

            _slots.Truncate(sequence.Slot!, sequence.FedBefore);
            if (outcome is DecodeOutcome.Refused or DecodeOutcome.OutOfMemory or DecodeOutcome.Failed)
            {
                Fail(sequence, EngineSettings.Cause(outcome));
            }
        }

        // No room: the ledger was wrong. Warm slots make room; without any, the youngest has to go, or all would stand still.
        if (outcome is DecodeOutcome.NoRoom && !_slots.TryEvict())
        {
            Fail(_running.MaxBy(static s => s.Admission)!, new LlamaException(LlamaFault.Compute, "Context size has been exceeded."));
        }
    }

    private void FailAll(Exception cause)
    {
        if (_running.Count == 0 && _waiting.Count > 0) // the next one cannot even be admitted; without it the line moves on
        {
            var first = _waiting.First;
            _waiting.RemoveFirst();
            End(first, wasActive: false, StopReason.Failed, _settings.Failure(cause, "queue"));
        }

        foreach (var sequence in _running.ToArray())
        {
            Fail(sequence, cause);
        }
    }

    private void Fail(Sequence sequence, Exception cause)
    {
        var phase = sequence.Output.Phase is GenerationPhase.Output ? "output" : "prompt";
        try
        {
            _slots.Truncate(sequence.Slot!, 0); // nobody shall build on it
        }
        catch (Exception)
        {
            // Whatever broke, the first cause is the one to tell; a slot whose memory is in doubt is refused by the next decode.
        }

        Retire(sequence, StopReason.Failed, _settings.Failure(cause, phase));
    }

    private void Retire(Sequence sequence, StopReason reason, Exception? failure)
    {
        _running.Remove(sequence);
        _slots.Release(sequence.Slot!);
        _load.UseCells(_slots.CellsOwned);
        End(sequence, wasActive: true, reason, failure);
    }

    private static OperationCanceledException Cancelled(Sequence sequence) =>
        new OperationCanceledException(sequence.Cancellation).InPhase(sequence.Output.Phase switch
        {
            GenerationPhase.Queue => "queue",
            GenerationPhase.Prompt => "prompt",
            _ => "output",
        });
}
