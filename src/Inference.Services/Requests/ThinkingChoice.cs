using Inference.Prompts.Rendering;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>Whether a call thinks, and how hard.</summary>
/// <param name="Setting">What the template sees.</param>
/// <param name="BudgetTokens">Tokens of thinking at most; null for no limit of its own.</param>
internal sealed record ThinkingChoice(ThinkSetting Setting, int? BudgetTokens)
{
    /// <summary>Its output has thinking to take apart.</summary>
    public bool Thinks => Setting.Enabled;

    /// <summary>In which way it is less than what was asked for.</summary>
    public IReadOnlyList<Warning> Warnings { get; private init; } = [];

    /// <param name="request">What the caller said; null or without a setting is: it thinks if it can.</param>
    /// <param name="canThink">The model has the capability.</param>
    /// <param name="endsAtHigh">The model's levels end at high.</param>
    public static ThinkingChoice Of(Thinking? request, bool canThink, bool endsAtHigh)
    {
        var setting = request?.SettingCase switch
        {
            Thinking.SettingOneofCase.Enabled => new ThinkSetting(true, request.Enabled, request.Enabled ? "medium" : ""),
            Thinking.SettingOneofCase.Level => new ThinkSetting(true, true, Word(request.Level, endsAtHigh)),
            // Ollama's server/routes.go: a model that can think does, and a plain "yes" reads as medium where a level is asked for.
            _ => canThink ? new ThinkSetting(true, true, "medium") : new ThinkSetting(false, false, ""),
        };
        return new ThinkingChoice(setting, request is { HasBudgetTokens: true } && setting.Enabled ? request.BudgetTokens : null)
        {
            Warnings = [.. WarningsOf(request, setting, endsAtHigh)],
        };
    }

    /// <summary>The caller insists on thinking.</summary>
    public static bool IsAskedFor(Thinking? request) => request?.SettingCase switch
    {
        Thinking.SettingOneofCase.Enabled => request.Enabled,
        Thinking.SettingOneofCase.Level => true,
        _ => false,
    };

    private static IEnumerable<Warning> WarningsOf(Thinking? request, ThinkSetting setting, bool endsAtHigh)
    {
        if (request is { HasBudgetTokens: true } && !setting.Enabled)
        {
            yield return WarningCatalogue.OptionIgnored("thinking.budget_tokens", "the call does not think");
        }

        if (endsAtHigh && request is { SettingCase: Thinking.SettingOneofCase.Level, Level: ThinkingLevel.Max })
        {
            yield return WarningCatalogue.OptionClamped("thinking.level", "max", "high");
        }
    }

    private static string Word(ThinkingLevel level, bool endsAtHigh) => level switch
    {
        ThinkingLevel.Unspecified or ThinkingLevel.Medium => "medium",
        ThinkingLevel.Low => "low",
        ThinkingLevel.High => "high",
        ThinkingLevel.Max => endsAtHigh ? "high" : "max",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, message: null),
    };
}
