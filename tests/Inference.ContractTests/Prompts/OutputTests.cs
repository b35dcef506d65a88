using System.Text.Json;
using System.Text.Json.Nodes;
using Inference.ContractTests.Store;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.Parsing;
using Inference.Prompts.Rendering;
using Inference.TestKit;

namespace Inference.ContractTests.Prompts;

/// <summary>What a real Ollama made of scripted output under models with templates: chunk by chunk where it streamed.</summary>
public sealed class OutputTests
{
    [Fact]
    public void Parse_RecordedOutput_GivesTheRecordedChunks()
    {
        Assert.SkipWhen(Places.Shared("golden/ollama/parsers.jsonl") is null, Golden.Absent);
        KnownDifferences.Check(KnownDifferences.Parsing, Golden.Lines("ollama/parsers.jsonl")
            .Where(static r => r["group"]!.GetValue<string>() == "parsers" && r["setup"]!["create"]!.AsObject().ContainsKey("template"))
            .Select(static r => (r["id"]!.GetValue<string>(), Recorded(r), Ours(r))));
    }

    private static string Recorded(JsonObject recording)
    {
        var chunks = Golden.Body(recording).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!);
        return Join(chunks.Select(static chunk =>
        {
            var message = chunk["message"] ?? chunk;
            var calls = message["tool_calls"]?.AsArray().Select(static c => Call(c!["function"]!["index"]!, c["function"]!["name"]!, c["function"]!["arguments"]!)) ?? [];
            return Chunk(Text(message["thinking"]), Text(message["content"] ?? message["response"]), calls);
        }));
    }

    private static string Ours(JsonObject recording)
    {
        var request = JsonNode.Parse(recording["request"]!["body"]!.GetValue<string>())!.AsObject();
        var template = PromptTemplate.Parse(recording["setup"]!["create"]!["template"]!.GetValue<string>());
        var thinks = template.ThinkingTags is not null;
        var conversation = request.ContainsKey("messages") ? OllamaRequests.Chat(request, thinks) : OllamaRequests.Generate(request, thinks);
        var prompt = PromptRenderer.Chat(template, conversation, TimeProvider.System).Text;
        var parser = new OutputParser(template, conversation.Tools, conversation.Think.Enabled, prompt, static () => "call_12345678");
        var pieces = recording["script"]!["pieces"]!.AsArray().Select(static p => p!.GetValue<string>());
        var chunks = new List<List<OutputPart>>();
        foreach (var piece in pieces)
        {
            parser.Feed(piece, Added(chunks));
        }

        parser.End(Added(chunks));
        var streams = request["stream"]?.GetValue<bool>() ?? true;
        return Join((streams ? chunks : [[.. chunks.SelectMany(static c => c)]]).Select(Chunk));
    }

    private static List<OutputPart> Added(List<List<OutputPart>> chunks)
    {
        chunks.Add([]);
        return chunks[^1];
    }

    private static string Chunk(List<OutputPart> parts) => Chunk(
        string.Concat(parts.Select(static p => p.Thinking)),
        string.Concat(parts.Select(static p => p.Text)),
        parts.Where(static p => p.ToolCall is not null).Select(static p => Call(JsonValue.Create(p.ToolCall!.Index), JsonValue.Create(p.ToolCall.Name), JsonNode.Parse(p.ToolCall.ArgumentsJson)!)));

    private static string Chunk(string thinking, string text, IEnumerable<string> calls) =>
        JsonSerializer.Serialize(new { thinking, text, calls = calls.ToArray() });

    // Empty chunks end a stream or hold a place in it; they are the door's.
    private static string Join(IEnumerable<string> chunks) =>
        string.Join(' ', chunks.Where(static c => c != """{"thinking":"","text":"","calls":[]}"""));

    // Ollama's arguments come in the order of a Go map.
    private static string Call(JsonNode index, JsonNode name, JsonNode arguments) => $"{index} {name} {Sorted(arguments)!.ToJsonString()}";

    private static JsonNode? Sorted(JsonNode? node) => node is JsonObject json
        ? new JsonObject(json.OrderBy(static p => p.Key, StringComparer.Ordinal).Select(static p => KeyValuePair.Create(p.Key, Sorted(p.Value))))
        : node?.DeepClone();

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
