using System.Text.Json;
using Inference.Services.Prompting;
using Inference.TestKit;

namespace Inference.UnitTests.Services.Prompting;

public sealed class FitRulesTests
{
    [Theory]
    [InlineData(64, 64, 4, 5, 30)]
    [InlineData(65, 64, 4, 5, 30)]
    [InlineData(100, 32, 4, 5, 14)]
    [InlineData(17, 16, 4, 5, 6)]
    [InlineData(10, 4, 4, 3, 0)]
    [InlineData(100, 32, -1, 31, 0)]
    [InlineData(100, 32, int.MaxValue, 31, 0)]
    public void CutMiddle_KeepsStartAndEnd_LeavesHalfFree(int length, int contextLength, int keep, int start, int end)
    {
        int[] tokens = [.. Enumerable.Range(0, length)];

        var cut = new FitRules(contextLength, DropsMessages: false, CutsMiddle: true, keep, AddsBos: true).CutMiddle(tokens);

        Assert.Equal([.. tokens[..start], .. tokens[^end..]], cut);
    }

    /// <summary>Every recorded prompt that a real Ollama cut is cut in the same place.</summary>
    [Fact]
    public void CutMiddle_RecordedPrompts_AreCutAlike()
    {
        var path = Places.Shared("golden/ollama/truncate.jsonl");
        Assert.SkipWhen(path is null, "the recordings are not here");
        var compared = 0;
        foreach (var line in File.ReadLines(path))
        {
            using var record = JsonDocument.Parse(line);
            if (Recorded(record.RootElement) is not var (prompt, options, sent))
            {
                continue;
            }

            compared++;
            var keep = options.TryGetProperty("num_keep", out var k) ? k.GetInt32() : 4;
            var rules = new FitRules(options.GetProperty("num_ctx").GetInt32(), DropsMessages: false, CutsMiddle: true, keep, AddsBos: true);
            int[] tokens = [.. prompt.EnumerateRunes().Select(static r => r.Value)];
            Assert.Equal(sent, tokens.Length > rules.Room ? rules.CutMiddle(tokens) : tokens);
        }

        Assert.True(compared > 10, $"only {compared} recordings were compared");
    }

    // Prompts of generate, which reach the runner as they are, and the tokens that did.
    private static (string Prompt, JsonElement Options, int[] Sent)? Recorded(JsonElement record)
    {
        if (!record.TryGetProperty("request", out var request) || request.GetProperty("path").GetString() != "/api/generate"
            || !record.TryGetProperty("runner_exchange", out var exchange) || exchange.EnumerateArray().LastOrDefault(static e => e.GetProperty("path").GetString() == "/completion") is not { ValueKind: JsonValueKind.Object } completion)
        {
            return null;
        }

        var body = JsonDocument.Parse(request.GetProperty("body").GetString()!).RootElement;
        var sent = JsonDocument.Parse(completion.GetProperty("request").GetString()!).RootElement.GetProperty("prompt");
        if (body.GetProperty("model").GetString() != "nano" || !body.TryGetProperty("options", out var options) || !options.TryGetProperty("num_ctx", out var context) || context.GetInt32() < 4 || sent.ValueKind is not JsonValueKind.Array)
        {
            return null;
        }

        return (body.GetProperty("prompt").GetString()!, options.Clone(), [.. sent.EnumerateArray().Select(static t => t.GetInt32())]);
    }
}
