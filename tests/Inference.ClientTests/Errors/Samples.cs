using Google.Rpc;
using Inference.Errors;

namespace Inference.ClientTests.Errors;

/// <summary>A failure of each kind, with a value for every key. Some of the values are not ASCII, as names and paths may be.</summary>
internal static class Samples
{
    /// <summary>What the server itself would send.</summary>
    public static Error Of(string reason)
    {
        var kind = Catalogue.Find(reason)!;
        var error = kind.For([.. kind.Keys.Select(static (key, i) => (object)(key.EndsWith("_bytes", StringComparison.Ordinal) || key.EndsWith("_ms", StringComparison.Ordinal) ? $"{1024 * (i + 1)}" : $"«{key}» größer 模型"))]).Error;
        // The kinds that report all violations at once do so here.
        return reason.StartsWith("FIELD_", StringComparison.Ordinal) ? error with { Violations = [Violation("options.top_p", reason), Violation("messages[0].content[1].text", reason)] } : error;
    }

    private static BadRequest.Types.FieldViolation Violation(string field, string reason) =>
        new() { Field = field, Description = "must be between 0 and 1", Reason = reason };
}
