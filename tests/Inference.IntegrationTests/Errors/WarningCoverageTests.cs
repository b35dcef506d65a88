using Inference.V1;

namespace Inference.IntegrationTests.Errors;

/// <summary>Every warning is told over every door, or listed here with the reason why it cannot be. What comes to be told leaves the list.</summary>
public sealed class WarningCoverageTests
{
    private const string Thinking = "A model that cannot think is not asked to: CAPABILITY_MISSING, as in Ollama.";
    private const string Schemas = "JSON schemas are not enforced yet, not even in part: FEATURE_UNSUPPORTED.";

    public static TheoryData<string> Doors => ["grpc", "rest", "ollama"];

    private static (string Door, WarningReason Reason, string Why)[] Untold { get; } =
    [
        ("grpc", WarningReason.ThinkingIgnored, Thinking),
        ("rest", WarningReason.ThinkingIgnored, Thinking),
        ("ollama", WarningReason.ThinkingIgnored, Thinking),
        ("grpc", WarningReason.FormatRelaxed, Schemas),
        ("rest", WarningReason.FormatRelaxed, Schemas),
        ("ollama", WarningReason.FormatRelaxed, Schemas),
        ("grpc", WarningReason.FieldIgnored, "A message has numbers and no names: a field that the contract lacks cannot be spelled."),
        ("ollama", WarningReason.FieldIgnored, "Members that a route does not know are dropped without a word there, as in Ollama."),
    ];

    [Theory]
    [MemberData(nameof(Doors))]
    public void EveryWarning_IsToldOverTheDoor(string door)
    {
        var told = MakingWarningTests.Told.Concat(door is "ollama" ? WarningTests.ToldByOllama : WarningTests.ToldByTheContract);
        Assert.Equal(
            Enum.GetValues<WarningReason>().Except(Untold.Where(u => u.Door == door).Select(static u => u.Reason)).Where(static r => r is not WarningReason.Unspecified).Order(),
            told.Concat(door is "rest" ? UnboundNameTests.Told : []).Distinct().Order());
    }
}
