using Inference.Llama;

namespace Inference.Runtime.Scheduling;

/// <summary>A context of llama.cpp.</summary>
internal sealed class LlamaDecoder(LlamaModel model, LlamaContext context) : IDecoder
{
    public int Cells { get; } = context.Length;

    public bool CanShift { get; } = context.CanShift;

    public bool CanForget { get; } = !model.IsRecurrent && !model.IsHybrid;

    public DecodeOutcome Decode(Batch batch) => context.Decode(batch);

    public void Abort() => context.Abort();

    public bool Remove(int sequence, int from, int to) => context.Remove(sequence, from, to);

    public void Shift(int sequence, int from, int to, int delta) => context.Shift(sequence, from, to, delta);

    public void CopyAll(int source, int target) => context.CopyAll(source, target);

    public void Share(int source, int target, int length) => context.Share(source, target, length);

    public ReadOnlySpan<float> Logits(int row) => context.Logits(row);

    public int Choose(SamplerChain sampler, int row) => sampler.Next(context, row);

    public void Dispose() => context.Dispose();
}
