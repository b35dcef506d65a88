using Inference.Prompts.Rendering;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.UnitTests.Services.Requests;

/// <summary>Ollama's rules: what is not said means thinking where the model can.</summary>
public sealed class ThinkingChoiceTests
{
    public static TheoryData<Thinking?, bool, bool, bool, string> Cases => new()
    {
        { null, true, true, true, "medium" },
        { null, false, false, false, "" },
        { new() { BudgetTokens = 5 }, true, true, true, "medium" },
        { new() { Enabled = true }, true, true, true, "medium" },
        { new() { Enabled = false }, true, true, false, "" },
        { new() { Enabled = false }, false, true, false, "" },
        { new() { Level = ThinkingLevel.Low }, true, true, true, "low" },
        { new() { Level = ThinkingLevel.Unspecified }, true, true, true, "medium" },
        { new() { Level = ThinkingLevel.Max }, true, true, true, "max" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_EachSetting_IsWhatTemplatesSee(Thinking? request, bool canThink, bool isSet, bool enabled, string level) =>
        Assert.Equal(new ThinkSetting(isSet, enabled, level), ThinkingChoice.Of(request, canThink, endsAtHigh: false).Setting);

    [Fact]
    public void Of_Max_IsHighWhereLevelsEndThere() =>
        Assert.Equal("high", ThinkingChoice.Of(new Thinking { Level = ThinkingLevel.Max }, canThink: true, endsAtHigh: true).Setting.Level);

    [Fact]
    public void Of_Budget_CountsOnlyWhileThinking()
    {
        Assert.Equal(5, ThinkingChoice.Of(new Thinking { BudgetTokens = 5 }, canThink: true, endsAtHigh: false).BudgetTokens);
        Assert.Null(ThinkingChoice.Of(new Thinking { Enabled = false, BudgetTokens = 5 }, canThink: true, endsAtHigh: false).BudgetTokens);
    }
}
