using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Caching;
using Inference.Runtime.Sampling;

namespace Inference.Runtime.Scheduling;

/// <summary>What follows a computed step for one sequence: a token is chosen and written, and the end is seen. Used by the engine thread.</summary>
internal sealed class TokenChoice(LlamaModel model, IDecoder decoder, SlotTable slots, int contextLength)
{
    private readonly LogprobReader _logprobs = new(model.Vocabulary);
    private readonly byte[] _bytes = new byte[1024];

    /// <returns>Why the sequence ends here; null if it goes on.</returns>
    public StopReason? Advance(Sequence sequence)
    {
        var (spec, output) = (sequence.Spec, sequence.Output);
        if (output.Phase is GenerationPhase.Prompt)
        {
            output.PromptAdvanced(sequence.Slot!.Tokens.Count);
        }

        if (sequence.LogitsRow < 0)
        {
            return null; // in the middle of a prompt
        }

        if (spec.MaxTokens == 0)
        {
            return StopReason.MaxTokens;
        }

        var token = decoder.Choose(sequence.Sampler, sequence.LogitsRow);
        var end = Write(sequence, token);
        if ((end is null ? sequence.Text.Take() : sequence.Text.TakeRest()) is { } piece)
        {
            output.Write(piece);
        }

        if (end is null && sequence.Tokens.Count >= contextLength)
        {
            Shift(sequence);
        }

        return end;
    }

    private StopReason? Write(Sequence sequence, int token)
    {
        var (spec, output) = (sequence.Spec, sequence.Output);
        if (model.Vocabulary.IsEnd(token))
        {
            output.Reached();
            return StopReason.EndOfText;
        }

        var logprobs = spec.TopLogprobs is { } top ? _logprobs.Read(decoder.Logits(sequence.LogitsRow), token, top) : null;
        var length = model.Vocabulary.Piece(token, _bytes, spec.RenderSpecial);
        var end = sequence.Text.Append(_bytes.AsSpan(0, Math.Max(0, length)), logprobs);
        if (end is StopReason.Repetition)
        {
            output.Reached();
            return end;
        }

        output.Chose(token);
        sequence.Tokens.Add(token);
        if (end is not null)
        {
            return end;
        }

        if (output.Generated >= spec.MaxTokens)
        {
            return StopReason.MaxTokens;
        }

        return sequence.Tokens.Count >= contextLength && !spec.Shift ? StopReason.ContextFull : null;
    }

    /// <summary>Drops the older half of what is not to be kept, as llama-server does; the last token is not in the cache yet.</summary>
    private void Shift(Sequence sequence)
    {
        var slot = sequence.Slot!;
        var keep = Math.Clamp(sequence.Spec.KeepTokens, 0, Math.Max(0, contextLength - 4));
        var discard = Math.Max(1, (slot.Tokens.Count - keep) / 2);
        if (!slots.TryShift(slot, keep, discard))
        {
            slots.Truncate(slot, keep); // what is to stay is evaluated anew
        }

        sequence.Tokens.RemoveRange(keep, discard);
        sequence.Output.Shifted(discard);
    }
}
