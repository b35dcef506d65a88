using System.Text.Json;
using System.Text.Json.Nodes;
using Inference.Errors;
using Inference.Store.Names;

namespace Inference.ContractTests.Store;

/// <summary>Every model name in the recorded errors is taken, or refused, as it was.</summary>
public sealed class NameTests
{
    private static readonly string[] Paths = ["/api/generate", "/api/chat", "/api/embed", "/api/embeddings", "/api/show"];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var (name, expected) in Golden.Lines("ollama-errors.jsonl").SelectMany(Case).Distinct())
        {
            cases.Add(name, expected);
        }

        return cases;
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Parse_RecordedName_IsTakenOrRefusedAsRecorded(string name, string expected)
    {
        var error = Record.Exception(() => ModelReference.Parse(name)) as InferenceException;

        Assert.Equal(expected, error is null ? "" : Form(error).Text);
    }

    private static OllamaForm Form(InferenceException error) => error.Error.Kind.OllamaFormOf(error.Error.Facts, OllamaRoute.Show);

    private static IEnumerable<(string Name, string Expected)> Case(JsonObject recording)
    {
        if (!Paths.Contains(recording["path"]?.GetValue<string>()) || recording["request_body"] is not { } body || recording["body"] is not { } response)
        {
            yield break;
        }

        if (Text(body, "model") is { } name && name.Trim().Length > 0 && Text(response, "error") is { } error)
        {
            if (error == "invalid model name" || error.StartsWith("use either", StringComparison.Ordinal))
            {
                yield return (name, error);
            }
            else if (error.Contains("not found", StringComparison.Ordinal))
            {
                yield return (name, "");
            }
        }
    }

    // Some bodies are no JSON, or name a thing twice, on purpose.
    private static string? Text(JsonNode body, string member)
    {
        try
        {
            using var document = JsonDocument.Parse(body.GetValue<string>());
            return document.RootElement.TryGetProperty(member, out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
