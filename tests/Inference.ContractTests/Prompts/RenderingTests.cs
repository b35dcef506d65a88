using System.Text.Json.Nodes;
using Inference.ContractTests.Store;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.Rendering;
using Inference.TestKit;

namespace Inference.ContractTests.Prompts;

/// <summary>The prompts that a real Ollama made of its own templates and of ours, and what it said of bad ones.</summary>
public sealed class RenderingTests
{
    private static readonly DayOfRecording s_time = new();

    [Theory]
    [InlineData("render-go")]
    [InlineData("render-go-engine")]
    [InlineData("render-go-engine2")]
    public void Render_RecordedRequest_GivesTheRecordedPrompt(string file)
    {
        Assert.SkipWhen(Places.Shared($"golden/ollama/{file}.jsonl") is null, Golden.Absent);
        var templates = JsonNode.Parse(File.ReadAllText(Places.Shared("golden/ollama/templates-go.json")!))!.AsObject();
        KnownDifferences.Check(KnownDifferences.Rendering, Golden.Lines($"ollama/{file}.jsonl").Select(recording =>
        {
            var text = (recording["template_text"] ?? templates[recording["template"]!.GetValue<string>()]!["text"])!.GetValue<string>();
            return (recording["id"]!.GetValue<string>(), Recorded(recording), Ours(recording, text));
        }));
    }

    private static string Recorded(JsonObject recording) =>
        recording["rendered"] is { } rendered ? rendered.GetValue<string>()
        : recording["error"] is { } error ? $"error: {error.GetValue<string>()}"
        : $"error: {recording["create_error"]!.GetValue<string>()["template error: ".Length..]}";

    private static string Ours(JsonObject recording, string text)
    {
        try
        {
            var template = PromptTemplate.Parse(text);
            return Render(recording, template).Text;
        }
        catch (TemplateException e)
        {
            return $"error: {e.Message}";
        }
    }

    private static RenderedPrompt Render(JsonObject recording, PromptTemplate template)
    {
        var request = recording["input"]!.AsObject();
        var isGenerate = recording["endpoint"]?.GetValue<string>() == "/api/generate";
        var thinks = recording["capabilities"] is { } capabilities
            ? capabilities.AsArray().Any(static c => c!.GetValue<string>() == "thinking")
            : isGenerate || template.ThinkingTags is not null;
        if (request["suffix"]?.GetValue<string>() is { Length: > 0 } suffix)
        {
            return PromptRenderer.Insert(template, new InsertPrompt(request["prompt"]!.GetValue<string>(), suffix, OllamaRequests.Think(request, thinks)), s_time);
        }

        return PromptRenderer.Chat(template, isGenerate ? OllamaRequests.Generate(request, thinks) : OllamaRequests.Chat(request, thinks), s_time);
    }

    private sealed class DayOfRecording : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 21, 0, 0, TimeSpan.Zero);
    }
}
