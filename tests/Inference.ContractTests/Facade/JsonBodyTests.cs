using System.Text;
using System.Text.Json;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>The JSONTestSuite files, sent to a real server as a body, as an unknown field and as a prompt: its verdict and its words.</summary>
public sealed class JsonBodyTests
{
    [Fact]
    public void Decode_EveryRecordedBody_AgreesWithTheRecording()
    {
        var path = Places.Shared("golden/json-bodies.jsonl");
        Assert.SkipWhen(path is null, "the recordings are not here");

        var cases = 0;
        var differences = new List<string>();
        foreach (var line in File.ReadLines(path!))
        {
            using var recorded = JsonDocument.Parse(line);
            var expected = Text(recorded, "body");
            var actual = Answer(recorded.RootElement.GetProperty("request_b64").GetBytesFromBase64());
            cases++;
            if (actual != expected)
            {
                differences.Add($"{Text(recorded, "file")} as {Text(recorded, "kind")}: {actual} instead of {expected}");
            }
        }

        Assert.Equal([], differences);
        Assert.Equal(954, cases);
    }

    private static string Text(JsonDocument document, string name) => document.RootElement.GetProperty(name).GetString()!;

    // What the route says before it has looked for the model, which the recording's store does not have.
    private static string Answer(byte[] body)
    {
        var call = new GenerateCall();
        string text;
        try
        {
            OllamaBody.Decode(body, GenerateCall.Shape, call);
            text = $"model '{call.Request.Model}' not found";
        }
        catch (InferenceException e)
        {
            text = e.Error.ToOllama(OllamaRoute.Generate).Text;
        }

        var json = new System.Buffers.ArrayBufferWriter<byte>();
        new GoJsonWriter(json).String(text);
        return $$"""{"error":{{Encoding.UTF8.GetString(json.WrittenSpan)}}}""";
    }
}
