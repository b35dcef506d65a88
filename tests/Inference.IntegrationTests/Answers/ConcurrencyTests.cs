using Inference.TestKit;

namespace Inference.IntegrationTests.Answers;

/// <summary>The promise: at temperature 0, with a split cache and without flash attention, a call's text does not depend on what else runs.</summary>
public sealed class ConcurrencyTests
{
    private const int Streams = 64;

    private static readonly string[] Questions =
    [
        "Hello!", "Who are you?", "Why is the sky blue?", "What is the capital of Japan?", "What is 7 + 8?", "Tell me a joke.", "Can you explain photosynthesis to me?",
        "Write a haiku about autumn", "List three fruits", "How do you say thank you in Italian?", "Count from 1 to 50.", "Tell me a story about a fox",
        "Give me a JSON object with name and age of a person", "Write hello world in Python.", "Who is the president of Zorblax?", "What is the largest planet?",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_64StreamsOverAllDoors_EachHasTheTextItHasAlone()
    {
        await using var host = await ServerHost.StartAsync(new() { Settings = new Dictionary<string, string> { ["--flash-attention"] = "false", ["--cache"] = "split", ["--parallel"] = "32" } });
        var alone = new Dictionary<string, string>();
        foreach (var question in Questions)
        {
            alone[question] = await host.AskAsync(Door.Grpc, question, Ct);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(async i =>
        {
            var question = Questions[i % Questions.Length];
            return (Question: question, Text: await host.AskAsync((Door)((i + (i / Questions.Length)) % 4), question, Ct));
        }));
        Assert.All(answers, answer => Assert.Equal(alone[answer.Question], answer.Text));
        Assert.Equal(Questions.Length, alone.Values.Distinct().Count()); // 16 different texts, or it would show nothing
        await host.LoadAsync(active: 0, queued: 0, Ct);
        Assert.Empty(host.Log.Lines);
    }
}
