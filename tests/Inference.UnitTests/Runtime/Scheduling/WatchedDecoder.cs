using System.Runtime.InteropServices;
using Inference.Llama;
using Inference.Runtime;

namespace Inference.UnitTests.Runtime.Scheduling;

/// <summary>The real context, which a test can watch, hold in the middle of a step, or let fail.</summary>
internal sealed class WatchedDecoder(IDecoder inner) : IDecoder
{
    private int _aborts;

    /// <summary>Called on the engine thread in place of each decode, with its number from 0; null goes on to the real one.</summary>
    public Func<int, DecodeOutcome?> Before { get; set; } = static _ => null;

    /// <summary>Called before each choice of a token.</summary>
    public Action BeforeChoice { get; set; } = static () => { };

    /// <summary>Rows of each step.</summary>
    public List<int> Rows { get; } = [];

    public int Aborts => Volatile.Read(ref _aborts);

    /// <summary>Set by <see cref="Abort"/>.</summary>
    public ManualResetEventSlim Aborted { get; } = new();

    public int Shifts { get; private set; }

    public int Copies { get; private set; }

    public int Cells => inner.Cells;

    public bool CanShift { get; set; } = inner.CanShift;

    public bool CanForget { get; set; } = inner.CanForget;

    public DecodeOutcome Decode(Batch batch)
    {
        Rows.Add(batch.Count);
        return Before(Rows.Count - 1) ?? inner.Decode(batch);
    }

    public void Abort()
    {
        Interlocked.Increment(ref _aborts);
        Aborted.Set();
        inner.Abort();
    }

    public bool Remove(int sequence, int from, int to) => (CanForget || from == 0) && inner.Remove(sequence, from, to);

    public void Shift(int sequence, int from, int to, int delta)
    {
        Shifts++;
        inner.Shift(sequence, from, to, delta);
    }

    public void CopyAll(int source, int target)
    {
        Copies++;
        inner.CopyAll(source, target);
    }

    public void Share(int source, int target, int length)
    {
        Copies++;
        inner.Share(source, target, length);
    }

    public ReadOnlySpan<float> Logits(int row) => inner.Logits(row);

    /// <summary>Overwrites the scores of a row.</summary>
    public void Spoil(int row, float score) => MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(Logits(row)), Logits(row).Length).Fill(score);

    public int Choose(SamplerChain sampler, int row)
    {
        BeforeChoice();
        return inner.Choose(sampler, row);
    }

    public void Dispose()
    {
        inner.Dispose();
        Aborted.Dispose();
    }
}

/// <summary>Stops the engine thread at a step until the test lets it go on.</summary>
internal sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim _reached = new(0);
    private readonly SemaphoreSlim _pass = new(0);
    private volatile bool _open;

    /// <summary>For <see cref="WatchedDecoder.Before"/>.</summary>
    public DecodeOutcome? Hold(int step)
    {
        if (!_open)
        {
            _reached.Release();
            _pass.Wait();
        }

        return null;
    }

    /// <summary>The engine stands at a step.</summary>
    public Task ReachedAsync() => _reached.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Lets one step be computed.</summary>
    public void LetOnePass() => _pass.Release();

    /// <summary>Lets everything pass from now on.</summary>
    public void Open()
    {
        _open = true;
        _pass.Release();
    }

    public void Dispose()
    {
        _reached.Dispose();
        _pass.Dispose();
    }
}
