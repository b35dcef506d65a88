using System.Text.Json.Nodes;
using Inference.Store;
using Inference.Store.Capabilities;

namespace Inference.ContractTests.Store;

/// <summary>The listing of the recorded store is the recorded listing.</summary>
public sealed class ListTests(RecordedStore recorded) : IClassFixture<RecordedStore>
{
    [Fact]
    public void List_RecordedStore_HasNamesSizesDigestsDetailsAndCapabilities()
    {
        Assert.SkipUnless(recorded.IsThere, Golden.Absent);
        var tags = JsonNode.Parse(Golden.Body(Golden.Lines("ollama/models.jsonl").First(static line => line["id"]!.GetValue<string>() == "tags-many")))!;
        var expected = tags["models"]!.AsArray().ToDictionary(static model => model!["name"]!.GetValue<string>(), static model => model!.AsObject(), StringComparer.Ordinal);

        var models = recorded.Store().List();

        Assert.Equal(28, models.Count);
        foreach (var model in models)
        {
            var listed = expected[model.Name.DisplayName];
            Assert.Equal(listed["size"]!.GetValue<long>(), model.SizeBytes);
            Assert.Equal($"sha256:{listed["digest"]!.GetValue<string>()}", model.Digest);
            if (model.ModelPath is not null)
            {
                CheckSummary(listed, model);
            }
        }
    }

    private static void CheckSummary(JsonObject listed, StoredModel model)
    {
        var summary = ModelSummary.Listed(model, Templates.Facts(model.Template), Templates.Parser(model.Config.Parser));
        Assert.Equal(listed["capabilities"]!.AsArray().Select(static item => item!.GetValue<string>()), summary.Capabilities);
        Details.Check(listed["details"]!.AsObject(), summary.Details);
    }
}
