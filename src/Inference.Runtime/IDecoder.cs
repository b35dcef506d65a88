using Inference.Llama;

namespace Inference.Runtime;

/// <summary>
/// What an engine thread asks of llama.cpp. The seam under the tests: they let the real one fail, or stop it in the middle of a step. Used
/// by one thread, but for <see cref="Abort"/>.
/// </summary>
internal interface IDecoder : IDisposable
{
    /// <summary>Cells of the whole cache.</summary>
    int Cells { get; }

    /// <summary>Whether positions can be moved.</summary>
    bool CanShift { get; }

    /// <summary>Whether a part of a sequence can be forgotten; not so in recurrent models.</summary>
    bool CanForget { get; }

    DecodeOutcome Decode(Batch batch);

    /// <summary>Makes a running decode return soon. From any thread, at any time.</summary>
    void Abort();

    bool Remove(int sequence, int from, int to);

    void Shift(int sequence, int from, int to, int delta);

    void CopyAll(int source, int target);

    void Share(int source, int target, int length);

    /// <summary>The scores at a row of the last decode.</summary>
    ReadOnlySpan<float> Logits(int row);

    /// <summary>Chooses and accepts a token at a row of the last decode; its scores may change.</summary>
    /// <exception cref="LlamaException">The scores are not numbers, or no token is left.</exception>
    int Choose(SamplerChain sampler, int row);
}
