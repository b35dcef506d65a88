using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>Memory in which samplers sort and shorten tokens. Each array it gives out ends with the next.</summary>
internal sealed unsafe class CandidateBuffer
{
    private NativeCandidate[] _candidates = []; // pinned

    /// <summary>All tokens with their scores.</summary>
    public NativeCandidates All(ReadOnlySpan<float> logits)
    {
        var candidates = Room(logits.Length);
        for (var i = 0; i < logits.Length; i++)
        {
            candidates[i] = new NativeCandidate { Token = i, Logit = logits[i] };
        }

        return Filled(logits.Length, sorted: false);
    }

    /// <summary>Those tokens with their scores that are allowed and possible.</summary>
    public NativeCandidates Only(ReadOnlySpan<float> logits, ReadOnlySpan<bool> allowed)
    {
        var candidates = Room(logits.Length);
        var count = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (allowed[i] && float.IsFinite(logits[i]))
            {
                candidates[count++] = new NativeCandidate { Token = i, Logit = logits[i] };
            }
        }

        return Filled(count, sorted: false);
    }

    /// <summary>The likeliest tokens with their scores, best first.</summary>
    /// <exception cref="LlamaException">The scores are not numbers.</exception>
    public NativeCandidates Likeliest(ReadOnlySpan<float> logits, int count)
    {
        count = Math.Min(count, logits.Length);
        LikeliestTokens.Select(logits, Room(count));
        return Filled(count, sorted: true);
    }

    private Span<NativeCandidate> Room(int count)
    {
        if (_candidates.Length < count)
        {
            _candidates = GC.AllocateUninitializedArray<NativeCandidate>(count, pinned: true);
        }

        return _candidates.AsSpan(0, count);
    }

    private NativeCandidates Filled(int count, bool sorted)
    {
        fixed (NativeCandidate* first = _candidates)
        {
            return new NativeCandidates { Data = first, Size = (nuint)count, Selected = -1, Sorted = sorted ? (byte)1 : (byte)0 };
        }
    }
}
