using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>The recordings of a real Ollama.</summary>
internal static partial class Recordings
{
    /// <summary>The records of one file.</summary>
    public static IEnumerable<JsonElement> Read(string file)
    {
        var path = Places.Shared($"golden/{file}.jsonl");
        Assert.SkipWhen(path is null, "the recordings are not here");
        foreach (var line in File.ReadLines(path!))
        {
            yield return JsonSerializer.Deserialize<JsonElement>(line);
        }
    }

    /// <summary>The body of a recorded response, its chunks joined; null where it is not text.</summary>
    public static string? Body(JsonElement response)
    {
        if (response.TryGetProperty("body", out var body))
        {
            return body.GetString();
        }

        if (!response.TryGetProperty("chunks", out var chunks))
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var chunk in chunks.EnumerateArray())
        {
            if (!chunk.TryGetProperty("data", out var data))
            {
                return null;
            }

            text.Append(data.GetString());
        }

        return text.ToString();
    }

    /// <summary>The text without what differs from one moment to the next.</summary>
    public static string Masked(string json) => Moment().Replace(json, "\"$1\":\"\"");

    [GeneratedRegex("\"(created_at|modified_at|expires_at)\":\"[^\"]*\"")]
    private static partial Regex Moment();
}
