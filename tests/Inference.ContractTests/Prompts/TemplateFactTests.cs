using System.Text.Json.Nodes;
using Inference.ContractTests.Store;
using Inference.Prompts.GoTemplates;
using Inference.TestKit;

namespace Inference.ContractTests.Prompts;

/// <summary>What a real Ollama takes a model to be capable of, by its template alone.</summary>
public sealed class TemplateFactTests
{
    [Fact]
    public void Template_OfRecordedModel_HasItsCapabilities()
    {
        Assert.SkipWhen(Places.Shared("golden/ollama/capabilities.jsonl") is null, Golden.Absent);
        KnownDifferences.Check(new Dictionary<string, string>(), Golden.Lines("ollama/capabilities.jsonl")
            .Where(static r => r["template"] is not null && r["parser"] is null)
            .Select(static r => (r["id"]!.GetValue<string>(), Recorded(r), Ours(r["template"]!.GetValue<string>()))));
    }

    private static string Recorded(JsonObject recording) =>
        string.Join(',', recording["tags_capabilities"]!.AsArray().Select(static c => c!.GetValue<string>()).Where(static c => c != "completion"));

    private static string Ours(string text)
    {
        var template = PromptTemplate.Parse(text);
        var capabilities = new[] { (template.UsesTools, "tools"), (template.UsesSuffix, "insert"), (template.ThinkingTags is not null, "thinking") };
        return string.Join(',', capabilities.Where(static c => c.Item1).Select(static c => c.Item2));
    }
}
