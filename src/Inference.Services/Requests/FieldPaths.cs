using Google.Rpc;
using Grpc.Core;
using Inference.Errors;

namespace Inference.Services.Requests;

/// <summary>Faults of fields with the paths that they have in the caller's message.</summary>
internal static class FieldPaths
{
    /// <summary>The same faults, where the message they are in is a field of the caller's.</summary>
    public static InferenceException Within(this InferenceException thrown, string field)
    {
        var error = thrown.Error;
        if (error.Kind.Code is not StatusCode.InvalidArgument || error.ToStatus().GetDetail<BadRequest>() is not { } bad)
        {
            return thrown;
        }

        var facts = error.Facts;
        foreach (var key in new[] { "field", "other_field" })
        {
            facts = facts[key].Length > 0 ? facts.With(key, $"{field}.{facts[key]}") : facts;
        }

        return new InferenceException(error with { Facts = facts, Violations = [.. bad.FieldViolations.Select(Inside)] }, thrown);

        BadRequest.Types.FieldViolation Inside(BadRequest.Types.FieldViolation violation)
        {
            var inside = violation.Clone();
            inside.Field = violation.Field.Length > 0 ? $"{field}.{violation.Field}" : field;
            return inside;
        }
    }

    /// <summary>The same fault, told of another field than the kind tells of.</summary>
    public static InferenceException At(this InferenceException thrown, string field)
    {
        var violations = thrown.Error.ToStatus().GetDetail<BadRequest>()?.FieldViolations.Select(v => new BadRequest.Types.FieldViolation(v) { Field = field }) ?? [];
        return new InferenceException(thrown.Error with { Violations = [.. violations] }, thrown);
    }

    /// <summary>Tells of every token that is none.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="vocabularySize">Ids are 0 to one less.</param>
    /// <param name="path">Of one of them, by its place.</param>
    /// <exception cref="InferenceException">TOKEN_OUT_OF_RANGE.</exception>
    public static void CheckTokens(IEnumerable<int> tokens, int vocabularySize, Func<int, string> path)
    {
        var wrong = tokens.Select(static (token, place) => (token, place)).Where(t => t.token < 0 || t.token >= vocabularySize).ToList();
        if (wrong.Count == 0)
        {
            return;
        }

        var error = Catalogue.TokenOutOfRange.For(wrong[0].token, vocabularySize).Error;
        throw new InferenceException(error with
        {
            Violations =
            [
                .. wrong.Select(w => new BadRequest.Types.FieldViolation
                {
                    Field = path(w.place),
                    Description = $"{w.token} is not 0 or more and less than {vocabularySize}",
                    Reason = error.Kind.Reason,
                }),
            ],
        });
    }
}
