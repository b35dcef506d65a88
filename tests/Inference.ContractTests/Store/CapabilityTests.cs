using System.Text.Json.Nodes;
using Inference.Store;
using Inference.Store.Capabilities;
using Inference.Store.Gguf;
using Inference.Store.Names;
using Inference.TestKit;

namespace Inference.ContractTests.Store;

/// <summary>Capabilities by template and parser, as a listing and a single look at the model gave them, in their order.</summary>
public sealed class CapabilityTests
{
    public static TheoryData<string> Cases() => [.. Golden.Lines("ollama/capabilities.jsonl").Select(static recording => recording["id"]!.GetValue<string>())];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Summary_RecordedModel_HasItsCapabilities(string id)
    {
        var recording = Golden.Lines("ollama/capabilities.jsonl").First(line => line["id"]!.GetValue<string>() == id);
        var hasJinja = recording["base"]!.GetValue<string>().StartsWith("GGUF chat template of Qwen3", StringComparison.Ordinal);
        var path = Places.Shared(hasJinja ? "golden/ollama/models/nano-qwen3-template.gguf" : "golden/ollama/models/nano-llama-f16.gguf")!;
        var model = Model(recording, path);

        var facts = Templates.Facts(model.Template);
        var parser = Templates.Parser(model.Config.Parser);

        Assert.Equal(Texts(recording["tags_capabilities"]!), ModelSummary.Listed(model, facts, parser).Capabilities);
        Assert.Equal(Texts(recording["show_capabilities"]!), ModelSummary.Shown(model, GgufFile.Read(path), facts, parser).Capabilities);
        if (recording["shown_template_is"]?.GetValue<string>() is { } shown)
        {
            Assert.Equal(shown == "go", PromptPath.Of(model, GgufFile.Read(path).Facts.ChatTemplate, facts).UsesGoTemplate);
        }
    }

    private static StoredModel Model(JsonObject recording, string path) => new()
    {
        Name = ModelName.Parse("m")!,
        RequestedName = "m",
        Digest = "",
        SizeBytes = 0,
        ModifyTime = default,
        Config = new ModelConfig { Format = "gguf", Family = "llama", Parser = recording["parser"]?.GetValue<string>() ?? "" },
        Layers = [],
        ModelPath = path,
        Template = recording["template"]?.GetValue<string>(),
    };

    private static List<string> Texts(JsonNode list) => [.. list.AsArray().Select(static item => item!.GetValue<string>())];
}
