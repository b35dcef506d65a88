using Inference.Errors;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>think: a truth value or a level (api/types.go, ThinkValue).</summary>
internal static class OllamaThink
{
    private const string Allowed = "\"high\", \"medium\", \"low\", \"max\", true, or false";

    public static Thinking? Read(GoJsonReader reader, Thinking? old)
    {
        if (reader.Peek() is GoKind.Null)
        {
            reader.Skip();
            return null;
        }

        reader.Custom(() => old = Decode(reader, old));
        return old;
    }

    private static Thinking? Decode(GoJsonReader reader, Thinking? old)
    {
        switch (reader.Peek())
        {
            case GoKind.Bool:
                return new Thinking { Enabled = reader.Bool(old: false) };
            case GoKind.String:
                var word = reader.Text().ToString();
                if (Level(word) is { } level)
                {
                    return new Thinking { Level = level };
                }

                reader.Fail(new GoFault.Words($"invalid think value: {GoQuote.Quote(word)} (must be {Allowed})"));
                return old;
            default:
                reader.Skip();
                reader.Fail(new GoFault.Words($"think must be a boolean or string ({Allowed})"));
                return old;
        }
    }

    /// <summary>Whether it asks for thinking, which not every model can.</summary>
    public static bool IsOn(this Thinking? thinking) => thinking is { Enabled: true } or { SettingCase: Thinking.SettingOneofCase.Level };

    private static ThinkingLevel? Level(string word) => word switch
    {
        "low" => ThinkingLevel.Low,
        "medium" => ThinkingLevel.Medium,
        "high" => ThinkingLevel.High,
        "max" => ThinkingLevel.Max,
        _ => null,
    };
}
