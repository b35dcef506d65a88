using System.Text.Json.Nodes;
using Inference.Errors;
using Inference.Store;
using Inference.Store.Names;

namespace Inference.ContractTests.Store;

/// <summary>What is wrong with a model on disk is told with the status and the words of a real Ollama.</summary>
public sealed class BrokenModelTests(FixtureStore fixture) : IClassFixture<FixtureStore>
{
    // Not on disk but in the template, the parameters' types, the renderer, the family or on another server: others find these.
    private static readonly string[] Elsewhere = ["badtmpl", "badparams", "execerr", "mllama", "rendererbad", "remote"];

    private static readonly Dictionary<string, OllamaRoute> Routes = new(StringComparer.Ordinal)
    {
        ["/api/generate"] = OllamaRoute.Generate,
        ["/api/chat"] = OllamaRoute.Chat,
        ["/api/embed"] = OllamaRoute.Embed,
        ["/api/embeddings"] = OllamaRoute.Embeddings,
        ["/api/show"] = OllamaRoute.Show,
    };

    public static TheoryData<string> Cases() =>
        [.. Golden.Lines("ollama-errors.jsonl").Where(IsOurs).Select(static recording => recording["id"]!.GetValue<string>())];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Get_RecordedBrokenModel_FailsAsRecorded(string id)
    {
        var recording = Golden.Lines("ollama-errors.jsonl").First(line => line["id"]!.GetValue<string>() == id);
        var requested = JsonNode.Parse(recording["request_body"]!.GetValue<string>())!["model"]!.GetValue<string>();
        var route = Routes[recording["path"]!.GetValue<string>()];

        var failure = Assert.Throws<InferenceException>(() => new ModelStore(fixture.Root).Get(ModelName.Parse(requested)!, requested).ReadWeights());

        // Show names the model as it understood it; its door adds that name.
        var facts = failure.Error.Facts.With("display_name", ModelName.Parse(requested)!.DisplayName);
        var form = failure.Error.Kind.OllamaFormOf(facts, route);
        Assert.Equal(recording["status"]!.GetValue<int>(), form.Status);
        Assert.Equal(JsonNode.Parse(recording["body"]!.GetValue<string>())!["error"]!.GetValue<string>(), form.Text);
    }

    [Fact]
    public void List_Fixture_LeavesOutWhatCannotBeRead()
    {
        Assert.SkipUnless(fixture.IsThere, Golden.Absent);

        var names = new ModelStore(fixture.Root).List().Select(static model => model.Name.Model).ToHashSet(StringComparer.Ordinal);

        Assert.Superset(new HashSet<string>(["m", "Mixed", "embed", "missingmodel", "notgguf", "badparamsjson", "remote", "push"], StringComparer.Ordinal), names);
        Assert.DoesNotContain("badmanifest", names);
        Assert.DoesNotContain("emptymanifest", names);
        Assert.DoesNotContain("badconfig", names);
        Assert.DoesNotContain("missingconfig", names);
        Assert.DoesNotContain("missingtmpl", names);
        Assert.DoesNotContain("baddigest", names);
    }

    [Fact]
    public void Get_Mixed_IsFoundWhateverItsCaseButByExactName()
    {
        Assert.SkipUnless(fixture.IsThere, Golden.Absent);
        var store = new ModelStore(fixture.Root);
        var name = ModelName.Parse("mixed")!;

        Assert.Equal("Mixed", store.Get(name, "mixed").Name.Model);
        Assert.Equal("MODEL_NOT_FOUND", Assert.Throws<InferenceException>(() => store.Get(name, "mixed", exactCase: true)).Error.Kind.Reason);
    }

    private static bool IsOurs(JsonObject recording) =>
        recording["id"]!.GetValue<string>() is var id && id.Contains("-broken-model-", StringComparison.Ordinal)
        && Routes.ContainsKey(recording["path"]!.GetValue<string>())
        && !Elsewhere.Contains(id[(id.LastIndexOf('-') + 1)..])
        && id is not ("generate-broken-model-missingmodel" or "chat-broken-model-missingmodel"); // a missing capability there
}
