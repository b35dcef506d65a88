using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Inference.Prompts.GoTemplates;
using Inference.Store;
using Inference.Store.Capabilities;
using Inference.Store.Gguf;
using Inference.Store.Modelfiles;
using Inference.Store.Names;

namespace Inference.ContractTests.Store;

/// <summary>What a real Ollama showed of each recorded model, this store says of it, too.</summary>
public sealed class ShowTests(RecordedStore recorded) : IClassFixture<RecordedStore>
{
    // Added when Ollama imported the file; ours is the file before.
    private const string Added = "general.quantization_version";

    public static TheoryData<string> Cases() => [.. Shows().Select(static recording => recording["id"]!.GetValue<string>())];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Get_RecordedModel_HasItsTexts(string id)
    {
        var (request, shown, model) = Open(id);

        Assert.Equal(shown["license"]?.GetValue<string>() ?? "", string.Join('\n', model.Licenses));
        Assert.Equal(shown["template"]!.GetValue<string>(), model.Template ?? "{{ .Prompt }}");
        Assert.Equal(shown["system"]?.GetValue<string>(), request["system"]?.GetValue<string>() ?? model.System);
        Assert.Equal(shown["requires"]?.GetValue<string>() ?? "", model.Config.Requires);
        Assert.Equal(
            shown["messages"]?.AsArray().Select(static message => new StoredMessage(message!["role"]!.GetValue<string>(), message["content"]!.GetValue<string>())) ?? [],
            model.Messages);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Modelfile_RecordedModel_IsAsRecorded(string id)
    {
        var (request, shown, model) = Open(id);
        JsonElement? options = request["options"] is { } json ? JsonSerializer.SerializeToElement(json) : null;

        var modelfile = ModelfileText.Of(model with { ModelPath = model.Layers[0].Path }, request["system"]?.GetValue<string>() ?? "", options);

        // The order of parameters is random there.
        Assert.Equal(Sorted(shown["modelfile"]!.GetValue<string>().Replace("$MODELS", recorded.Root, StringComparison.Ordinal)), Sorted(modelfile));
        Assert.Equal(Sorted(shown["parameters"]?.GetValue<string>() ?? ""), Sorted(ParametersText.Of(model.Parameters)));
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Shown_RecordedModel_HasItsDetailsAndCapabilities(string id)
    {
        var (_, shown, model) = Open(id);
        Assert.SkipWhen(model.ModelPath is null, "its weights were made by the recorded Ollama and not kept");

        var summary = ModelSummary.Shown(model, model.ReadWeights(), Templates.Facts(model.Template), Templates.Parser(model.Config.Parser));

        Assert.Equal(Texts(shown["capabilities"]!), summary.Capabilities);
        Details.Check(shown["details"]!.AsObject(), summary.Details with { ContextLength = 0, EmbeddingLength = 0 });
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void ModelInfo_RecordedModel_HasItsKeysValuesAndTensors(string id)
    {
        var (request, shown, model) = Open(id);
        Assert.SkipWhen(model.ModelPath is null, "its weights were made by the recorded Ollama and not kept");
        var weights = model.ReadWeights(request["verbose"]?.GetValue<bool>() is true ? GgufDetail.Full : GgufDetail.Header);

        var expected = shown["model_info"]!.AsObject().Where(static entry => entry.Key != Added && entry.Key != "general.basename");
        Assert.Equal(expected.Select(static entry => $"{entry.Key} {Canonical(entry.Value)}"), ModelInfo.OfWeights(weights).Select(static entry => $"{entry.Key} {Canonical(entry.Value)}"));
        Assert.Equal(
            shown["tensors"]!.AsArray().Select(static tensor => $"{tensor!["name"]} {tensor["type"]} {tensor["shape"]!.ToJsonString()}").Order(StringComparer.Ordinal),
            weights.Tensors.Select(static tensor => $"{tensor.Name} {tensor.Type} [{string.Join(',', tensor.Shape)}]").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<JsonObject> Shows() => Golden.Lines("ollama/models.jsonl").Where(static recording =>
        recording["request"]!["path"]!.GetValue<string>() == "/api/show"
        && recording["id"]!.GetValue<string>() is not ("show-tiny-again" or "show-copy-ns")); // deleted before the store was kept

    private (JsonObject Request, JsonObject Shown, StoredModel Model) Open(string id)
    {
        var recording = Shows().First(line => line["id"]!.GetValue<string>() == id);
        var request = JsonNode.Parse(recording["request"]!["body"]!.GetValue<string>())!.AsObject();
        var reference = ModelReference.Parse((request["model"] ?? request["name"])!.GetValue<string>());
        return (request, JsonNode.Parse(Golden.Body(recording))!.AsObject(), recorded.Store().Get(reference.Name, reference.Requested));
    }

    private static IEnumerable<string> Sorted(string lines) => lines.Split('\n').Order(StringComparer.Ordinal);

    private static IEnumerable<string> Texts(JsonNode list) => list.AsArray().Select(static item => item!.GetValue<string>());

    private static string Canonical(JsonNode? node) => node switch
    {
        null => "null",
        JsonArray array => $"[{string.Join(',', array.Select(Canonical))}]",
        JsonValue value when value.GetValueKind() is JsonValueKind.Number => Number(value.GetValue<double>()),
        _ => node.ToJsonString(),
    };

    private static string Canonical(GgufValue value) => value.Value switch
    {
        GgufArray { Length: > 0, Values: null } => "null",
        GgufArray array => $"[{string.Join(',', array.Values!.Select(Canonical))}]",
        float number => Number(double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)),
        ulong number => Number(number),
        long number => Number(number),
        double number => Number(number),
        bool flag => flag ? "true" : "false",
        var text => JsonValue.Create((string)text).ToJsonString(),
    };

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}

internal static class Details
{
    public static void Check(JsonObject expected, ModelDetails actual)
    {
        Assert.Equal(expected["parent_model"]!.GetValue<string>(), actual.ParentModel);
        Assert.Equal(expected["format"]!.GetValue<string>(), actual.Format);
        Assert.Equal(expected["family"]!.GetValue<string>(), actual.Family);
        Assert.Equal(expected["families"]?.AsArray().Select(static family => family!.GetValue<string>()), actual.Families);
        Assert.Equal(expected["parameter_size"]!.GetValue<string>(), actual.ParameterSize);
        Assert.Equal(expected["quantization_level"]!.GetValue<string>(), actual.QuantizationLevel);
        Assert.Equal(expected["context_length"]?.GetValue<long>() ?? 0, actual.ContextLength);
        Assert.Equal(expected["embedding_length"]?.GetValue<long>() ?? 0, actual.EmbeddingLength);
    }
}

/// <summary>What is known about templates and parsers where this is about models.</summary>
internal static class Templates
{
    private static readonly string[] Thinkers =
        ["qwen3-thinking", "qwen3.5", "cogito", "deepseek3", "glm-4.7", "lfm2-thinking", "laguna", "cohere", "ornith"];

    private static readonly string[] ToolUsers =
        [.. Thinkers, "qwen3", "qwen3-coder", "qwen3-vl-instruct", "functiongemma", "glm-ocr", "lfm2"];

    public static TemplateFacts Facts(string? text)
    {
        if (text is null)
        {
            return TemplateFacts.None;
        }

        var template = PromptTemplate.Parse(text);
        return new TemplateFacts(template.UsesTools, template.UsesSuffix, template.ThinkingTags is not null) { ToolCalls = text.Contains(".ToolCalls", StringComparison.Ordinal) };
    }

    public static ParserFacts? Parser(string name) => name is "" or "unknownparser" ? null : new ParserFacts(ToolUsers.Contains(name), Thinkers.Contains(name));
}
