using System.Runtime.InteropServices;
using Inference.Llama;
using Inference.Runtime.Caching;

namespace Inference.Runtime.Scheduling;

/// <summary>
/// Fills one batch: a row for every sequence whose reader keeps up, then stretches of prompts, which get a share of the batch beside
/// others' tokens and all of it where nobody waits for one. Used by the engine thread.
/// </summary>
internal sealed class BatchBuilder(Batch batch, SlotTable slots, int prefillShare)
{
    private int _turn;

    /// <param name="running">In the order of their slots.</param>
    /// <returns>Sequences that have rows.</returns>
    public int Build(List<Sequence> running)
    {
        batch.Clear();
        Allot(CollectionsMarshal.AsSpan(running));
        var wanted = 0;
        // In slot order throughout: llama.cpp computes only rows of consecutive ascending sequence ids of a split cache together.
        foreach (var sequence in running)
        {
            Feed(sequence);
            wanted += sequence.Rows > 0 ? 1 : 0;
        }

        return wanted;
    }

    private void Allot(Span<Sequence> running)
    {
        var decoding = 0;
        foreach (var sequence in running)
        {
            sequence.Rows = sequence.IsDecoding && sequence.Output.HasRoom() ? 1 : 0;
            decoding += sequence.Rows;
        }

        var room = decoding > 0 ? Math.Min(batch.Capacity - decoding, prefillShare) : batch.Capacity;
        for (var i = 0; i < running.Length && room > 0; i++)
        {
            var sequence = running[(i + _turn) % running.Length]; // each in turn is the first to take what there is
            if (!sequence.IsDecoding && sequence.Output.HasRoom())
            {
                sequence.Rows = Math.Min(sequence.Missing, room);
                room -= sequence.Rows;
            }
        }

        _turn = running.Length == 0 ? 0 : (_turn + 1) % running.Length;
    }

    private void Feed(Sequence sequence)
    {
        var slot = sequence.Slot!;
        sequence.FedBefore = slot.Tokens.Count;
        sequence.LogitsRow = -1;
        for (var i = 0; i < sequence.Rows; i++)
        {
            var position = slot.Tokens.Count;
            var token = sequence.Tokens[position];
            var last = position == sequence.Tokens.Count - 1;
            var row = batch.Add(token, position, slot.Id, logits: last);
            slots.Feed(slot, token);
            sequence.LogitsRow = last ? row : -1;
        }
    }
}
