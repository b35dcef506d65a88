using Inference.Errors;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>reasoning (openai.Reasoning, openai.ResponsesReasoning), and the words for how hard to think.</summary>
internal sealed class OpenAiReasoning
{
    public static readonly GoStruct<OpenAiReasoning> Shape = new("Reasoning", "openai.Reasoning",
        ("effort", static (r, x) => x.Effort = r.String(x.Effort)));

    /// <summary>Of /v1/responses, where two more fields are decoded, and one of them is repeated in the answer.</summary>
    public static readonly GoStruct<OpenAiReasoning> ResponsesShape = new("ResponsesReasoning", "openai.ResponsesReasoning",
        ("effort", static (r, x) => x.Effort = r.String(x.Effort)),
        ("generate_summary", static (r, _) => r.String("")),
        ("summary", static (r, x) => x._summary = r.String(x._summary)));

    private string _summary = "";

    public string Effort { get; private set; } = "";

    /// <summary>As an answer repeats it; null for nothing.</summary>
    public Dictionary<string, object?>? Echo() => Effort.Length == 0 && _summary.Length == 0
        ? null
        : new() { ["effort"] = Effort.Length > 0 ? Effort : null, ["summary"] = _summary.Length > 0 ? _summary : null };

    /// <summary>Null for an empty word: a model that can think then does.</summary>
    /// <exception cref="InferenceException">FIELD_INVALID for a word that is none of OpenAI's.</exception>
    public static Thinking? ToThinking(string effort)
    {
        switch (effort)
        {
            case "":
                return null;
            case "none":
                return new Thinking { Enabled = false };
            case "minimal" or "low":
                return new Thinking { Level = ThinkingLevel.Low };
            case "medium":
                return new Thinking { Level = ThinkingLevel.Medium };
            case "high":
                return new Thinking { Level = ThinkingLevel.High };
            case "xhigh" or "ultra" or "max":
                return new Thinking { Level = ThinkingLevel.Max };
            default:
                var errors = new FieldErrors();
                errors.Invalid("thinking.level", effort, "must be a level of reasoning");
                errors.Check();
                return null;
        }
    }
}
