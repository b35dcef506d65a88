using Inference.Prompts.Parsing;
using Inference.Runtime;
using Inference.Services.Requests;

namespace Inference.Services.Output;

/// <summary>Takes the pieces of a run apart, and notices where the run must not go on as it is.</summary>
/// <param name="plan">What was asked for.</param>
/// <param name="answer">Where the parts go.</param>
/// <param name="totals">Counts the thinking.</param>
internal sealed class PieceReader(GenerationPlan plan, AnswerWriter answer, RunTotals totals)
{
    private readonly List<OutputPart> _parts = [];

    /// <returns>Why the run is over, or <see cref="LegEnd.Itself"/> while it is not.</returns>
    public async ValueTask<LegEnd> TakeAsync(Leg leg, Piece piece, CancellationToken ct)
    {
        answer.Add(piece.Logprobs);
        if (leg.Parser is not { } parser)
        {
            await answer.AddAsync(new OutputPart(piece.Text, null, null), ct);
            return LegEnd.Itself;
        }

        var thought = parser.IsThinking;
        parser.Feed(piece.Text, _parts);
        if (_parts.Count == 0 && piece.Text.Length > 0 && !parser.HoldsBack)
        {
            answer.Forget(); // a tag, or the white space behind one: no message carries it
        }

        leg.Raw.Append(piece.Text);
        leg.Tokens += piece.Tokens;
        if (thought || parser.IsThinking || _parts.Exists(static p => p.Thinking is not null))
        {
            totals.Thinking += piece.Tokens;
        }

        if (await EmitAsync(leg, ct) is var end and not LegEnd.Itself)
        {
            return end;
        }

        if (!parser.IsThinking || plan.Thinking.BudgetTokens is not { } budget || totals.Thinking < budget)
        {
            return LegEnd.Itself;
        }

        await EndAsync(leg, ct);
        return LegEnd.Budget;
    }

    /// <summary>The engine is done: what the parser still held back is what it looked like.</summary>
    public async ValueTask<LegEnd> EndAsync(Leg leg, CancellationToken ct)
    {
        if (leg.Parser is not { } parser)
        {
            return LegEnd.Itself;
        }

        parser.End(_parts);
        if (parser.Unparsed.Length > 0)
        {
            plan.Warnings.Add(WarningCatalogue.ToolCallUnparsed(parser.Unparsed));
        }

        return await EmitAsync(leg, ct);
    }

    private async ValueTask<LegEnd> EmitAsync(Leg leg, CancellationToken ct)
    {
        try
        {
            foreach (var part in _parts)
            {
                if (leg.IsFree && part.Text is { } text)
                {
                    if (string.IsNullOrWhiteSpace(text))
                    {
                        continue; // may yet be followed by a tool call
                    }

                    answer.Forget();
                    return LegEnd.Text;
                }

                await answer.AddAsync(part, ct);
                if (part.ToolCall is not null && plan.CallsOnce)
                {
                    return LegEnd.Called;
                }
            }

            return LegEnd.Itself;
        }
        finally
        {
            _parts.Clear();
        }
    }
}
