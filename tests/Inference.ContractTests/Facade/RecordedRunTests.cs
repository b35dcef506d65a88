namespace Inference.ContractTests.Facade;

/// <summary>Recorded answers of the native routes, with what a stand-in recited.</summary>
public sealed class RecordedRunTests
{
    [Theory]
    [InlineData("parsers", "t-", 295, 0)]
    [InlineData("parsers", "nano", 10, 0)]
    [InlineData("native", "t-", 9, 1)]
    public Task Answer_RecordedRuns(string file, string models, int expectedCases, int expectedRefusals) =>
        RunReplay.RunAsync(file, models, expectedCases, expectedRefusals);

    [Theory]
    [InlineData("openai", "t-", 42, 1)]
    [InlineData("openai", "full", 1, 0)]
    public Task Answer_RecordedRunsOfOpenAi(string file, string models, int expectedCases, int expectedRefusals) =>
        RunReplay.RunAsync(file, models, expectedCases, expectedRefusals);
}
