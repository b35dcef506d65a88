using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Scheduling;

namespace Inference.Runtime.Embedding;

/// <summary>
/// What the embedding thread does: takes texts of whichever calls are there, as many as a batch holds, and computes them together. A text
/// is never divided: attention and pooling need all of it in one step.
/// </summary>
internal sealed class EmbeddingLoop(
    EngineSettings settings, IPooler pooler, ConcurrentQueue<EmbeddingJob> inbox, AutoResetEvent wake, LoadCounter load) : IDisposable
{
    private readonly Batch _batch = new(settings.BatchSize);
    private readonly List<EmbeddingJob> _jobs = [];
    private readonly List<(EmbeddingJob Job, int Input)> _texts = []; // of this batch, by sequence
    private int _turn;
    private volatile bool _stopping;

    public void Run()
    {
        while (!_stopping)
        {
            while (inbox.TryDequeue(out var job))
            {
                _jobs.Add(job);
            }

            EndCancelled();
            Fill();
            if (_texts.Count > 0)
            {
                Compute();
            }
            else
            {
                wake.WaitOne();
            }
        }

        foreach (var job in _jobs)
        {
            End(job, Catalogue.ServerDraining.For());
        }
    }

    /// <summary>Ends the thread after the running batch. From any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        wake.Set();
    }

    public void End(EmbeddingJob job, Exception? failure)
    {
        load.Left(job.IsStarted ? settings.Time.GetElapsedTime(job.Started) : null);
        job.End(failure);
    }

    public void Dispose() => _batch.Dispose();

    private void EndCancelled()
    {
        foreach (var job in _jobs)
        {
            if (job.IsCancelled && !job.IsEnded)
            {
                End(job, new OperationCanceledException(job.Cancellation).InPhase(job.IsStarted ? "prompt" : "queue"));
            }
        }

        _jobs.RemoveAll(static j => j.IsEnded);
    }

    // A text of each call in turn: one question does not wait for somebody's ten thousand. Whoever is first in turn always gets a text in.
    private void Fill()
    {
        _batch.Clear();
        _texts.Clear();
        var took = _jobs.Count > 0;
        while (took && _texts.Count < settings.Slots)
        {
            took = false;
            for (var i = 0; i < _jobs.Count && _texts.Count < settings.Slots; i++)
            {
                took |= TryTake(_jobs[(i + _turn) % _jobs.Count]);
            }
        }

        _turn++;
    }

    private bool TryTake(EmbeddingJob job)
    {
        if (job.Taken == job.Inputs.Count || job.Inputs[job.Taken].Length > _batch.Room)
        {
            return false;
        }

        Add(job, job.Inputs[job.Taken]);
        return true;
    }

    private void Add(EmbeddingJob job, int[] tokens)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            _batch.Add(tokens[i], i, _texts.Count, logits: true);
        }

        if (!job.IsStarted)
        {
            load.Started();
            job.Started = settings.Time.GetTimestamp();
        }

        _texts.Add((job, job.Taken++));
    }

    private void Compute()
    {
        load.UseCells(_batch.Count);
        try
        {
            if (pooler.Compute(_batch) is not DecodeOutcome.Done and var outcome)
            {
                throw EngineSettings.Cause(outcome);
            }

            for (var i = 0; i < _texts.Count; i++)
            {
                Read(i);
            }
        }
        catch (Exception e)
        {
            foreach (var (job, _) in _texts)
            {
                if (!job.IsEnded)
                {
                    End(job, settings.Failure(e, "prompt"));
                }
            }
        }

        load.UseCells(0);
        _jobs.RemoveAll(static j => j.IsEnded);
    }

    private void Read(int sequence)
    {
        var (job, input) = _texts[sequence];
        if (job.IsEnded)
        {
            return;
        }

        float[] vector;
        try
        {
            vector = pooler.Vector(sequence).ToArray();
        }
        catch (LlamaException e)
        {
            End(job, Catalogue.EmbeddingEmpty.Because(e, settings.Model, input));
            return;
        }

        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(vector)))
        {
            End(job, Catalogue.EmbeddingNotFinite.For(settings.Model, input));
        }
        else if (job.Set(input, vector))
        {
            End(job, failure: null);
        }
    }
}
