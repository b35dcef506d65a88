using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inference.Runtime;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>
/// Replays recordings in which a stand-in recited the runner's part: here the scripted engine recites the same, and the answer of the real
/// services through the real routes must be the same, chunk by chunk.
/// </summary>
internal static partial class RunReplay
{
    // What the stand-in says where the script says nothing.
    private static readonly JsonElement DefaultTimings = JsonSerializer.Deserialize<JsonElement>(
        """{"cache_n":0,"prompt_n":7,"prompt_ms":1.5,"predicted_n":5,"predicted_ms":2.25}""");

    /// <param name="file">The recordings.</param>
    /// <param name="models">What the names of the models that are replayed begin with.</param>
    /// <param name="expectedCases">How many there are.</param>
    /// <param name="expectedRefusals">How many of them are refused as not supported here.</param>
    public static async Task RunAsync(string file, string models, int expectedCases, int expectedRefusals)
    {
        var records = Recordings.Read($"ollama/{file}").ToList();
        var setups = records.Select(static r => r.GetProperty("setup")).DistinctBy(static s => s.GetProperty("model").GetString())
            .ToDictionary(static s => s.GetProperty("model").GetString()!);
        setups.TryAdd("nano", JsonSerializer.Deserialize<JsonElement>("""{"model":"nano","create":{"files":{"n.gguf":"sha256:a89a94c1b09543c650472b96c1038b78cd805714b786d33d7783feb41b6c3b71"}}}"""));
        var engine = new ScriptedEngine();
        await using var host = await OllamaHost.RecitingAsync(engine);
        var store = new RecordedModels(host.StoreRoot);
        var known = KnownDifferences.Read();
        var (cases, refusals) = (0, 0);
        var unexpected = new List<string>();
        var agreed = new List<string>();
        foreach (var record in records.Where(r => r.GetProperty("setup").GetProperty("model").GetString()!.StartsWith(models, StringComparison.Ordinal)))
        {
            var id = record.GetProperty("id").GetString()!;
            store.Make(record.GetProperty("setup"), setups);
            // Who was refused, or only wanted to see the prompt, has taken none.
            engine.Forget();
            foreach (var script in Scripts(record))
            {
                engine.Then(script);
            }

            cases++;
            var response = await SendAsync(host, record.GetProperty("request"));
            if (response.Status == 501)
            {
                refusals++;
                continue;
            }

            var difference = Difference(record, response);
            if (difference is not null && !known.Contains(id))
            {
                unexpected.Add($"{id}: {difference}");
            }
            else if (difference is null && known.Contains(id))
            {
                agreed.Add(id);
            }
        }

        Assert.True(unexpected.Count == 0, $"{unexpected.Count} of {cases} differ:\n{string.Join('\n', unexpected)}");
        Assert.True(agreed.Count == 0, $"listed as different, but not so: {string.Join(", ", agreed)}");
        Assert.Equal((expectedCases, expectedRefusals), (cases, refusals));
    }

    private static Task<RawResponse> SendAsync(OllamaHost host, JsonElement request)
    {
        var body = request.TryGetProperty("body_base64", out var packed) ? packed.GetBytesFromBase64() : Encoding.UTF8.GetBytes(request.GetProperty("body").GetString()!);
        var encoding = request.GetProperty("headers").EnumerateArray().Where(static h => h[0].GetString() is "Content-Encoding").Select(static h => $"Content-Encoding: {h[1]}");
        return RawHttp.SendAsync(host.Address, [$"POST {request.GetProperty("path")} HTTP/1.1", "Host: localhost", $"Content-Length: {body.Length}", .. encoding], body);
    }

    private static string? Difference(JsonElement record, RawResponse actual)
    {
        var recorded = record.GetProperty("response");
        var status = recorded.GetProperty("status").GetInt32();
        string[] expected = recorded.TryGetProperty("body", out var body)
            ? [Steady(body.GetString()!)]
            : [.. recorded.GetProperty("chunks").EnumerateArray().Select(static c => Steady(c.GetProperty("data").GetString()!))];
        string[] chunks = [.. actual.Chunks.Select(static c => Steady(Encoding.UTF8.GetString(c)))];
        if (actual.Status != status)
        {
            return $"status {actual.Status} instead of {status}: {actual.Body}";
        }

        var contentType = recorded.GetProperty("headers").EnumerateArray().First(static h => h[0].GetString() is "Content-Type")[1].GetString();
        if (actual.ContentType != contentType)
        {
            return $"content type {actual.ContentType} instead of {contentType}";
        }

        if (actual.Framing != recorded.GetProperty("framing").GetString())
        {
            return $"framing {actual.Framing}";
        }

        return chunks.SequenceEqual(expected) ? null : $"\n  {string.Join("  ", chunks)} instead of\n  {string.Join("  ", expected)}";
    }

    private static IEnumerable<Script> Scripts(JsonElement record)
    {
        var script = record.GetProperty("script");
        var timings = script.TryGetProperty("timings", out var own) ? own : DefaultTimings;
        var withTop = record.GetProperty("request").TryGetProperty("body", out var body) && body.GetString()!.Contains("top_logprobs", StringComparison.Ordinal);
        // Where Ollama broke a repetition off, the engine does: what the guard lets through is tested with the guard.
        var aborted = record.GetProperty("request").GetProperty("path").GetString()!.StartsWith("/api/", StringComparison.Ordinal) && !Recordings.Body(record.GetProperty("response"))!.Contains("\"done\":true", StringComparison.Ordinal);
        return Runs(script).Select(run => new Script
        {
            Pieces = [.. run.Select(p => Piece(p, withTop)).Take(aborted ? RepeatsSent(record) : int.MaxValue)],
            Reason = aborted ? StopReason.Repetition : Reason(script, record),
            Result = result => result with
            {
                PromptTokens = timings.GetProperty("cache_n").GetInt32() + timings.GetProperty("prompt_n").GetInt32(),
                GeneratedTokens = timings.GetProperty("predicted_n").GetInt32(),
                PromptTime = TimeSpan.FromMilliseconds(timings.GetProperty("prompt_ms").GetDouble()),
                OutputTime = TimeSpan.FromMilliseconds(timings.GetProperty("predicted_ms").GetDouble()),
            },
        });
    }

    private static int RepeatsSent(JsonElement record) => record.GetProperty("id").GetString()!.Contains("repeatnl", StringComparison.Ordinal) ? 30 : 31;

    // The stand-in has one word for the end of a completion and another for the end of a chat.
    private static StopReason Reason(JsonElement script, JsonElement record)
    {
        var chat = record.TryGetProperty("runner_exchange", out var exchange) && exchange.EnumerateArray().Any(static e => e.GetProperty("path").GetString() is "/v1/chat/completions");
        return script.TryGetProperty(chat ? "finish" : "stop_type", out var end) && end.GetString() is "limit" or "length" ? StopReason.MaxTokens : StopReason.EndOfText;
    }

    // Thinking and then a format takes two submissions, here as there.
    private static IEnumerable<IEnumerable<JsonElement>> Runs(JsonElement script)
    {
        if (script.TryGetProperty("runs", out var runs))
        {
            return runs.EnumerateArray().Select(static r => r.EnumerateArray().AsEnumerable());
        }

        IEnumerable<JsonElement> pieces = script.TryGetProperty("pieces", out var recited) ? recited.EnumerateArray() : [];
        return [script.TryGetProperty("tail", out var tail) ? pieces.Append(tail) : pieces];
    }

    private static Piece Piece(JsonElement piece, bool withTop) => piece.ValueKind is JsonValueKind.String
        ? new Piece(piece.GetString()!, 1, null)
        : new Piece(
            piece.GetProperty("content").GetString()!, 1,
            piece.TryGetProperty("completion_probabilities", out var tokens) ? [.. tokens.EnumerateArray().Select(t => Logprobs(t, withTop))] : null);

    private static TokenLogprobs Logprobs(JsonElement token, bool withTop) => new(
        token.GetProperty("id").GetInt32(), Encoding.UTF8.GetBytes(token.GetProperty("token").GetString()!), token.GetProperty("logprob").GetDouble(),
        withTop && token.TryGetProperty("top_logprobs", out var top) ? [.. top.EnumerateArray().Select(static t => Logprobs(t, withTop: false))] : []);

    // Without moments, durations that were measured, random ids, and the order of arguments, which a Go map made random too.
    private static string Steady(string json) => Sorted(Created().Replace(Ids().Replace(Durations().Replace(Recordings.Masked(json), ""), "\"id\":\"$1\""), "\"created\":0"));

    private static string Sorted(string json)
    {
        const string Key = "\"arguments\":{";
        var sorted = new StringBuilder();
        var at = 0;
        while (json.IndexOf(Key, at, StringComparison.Ordinal) is var found and >= 0)
        {
            var start = found + Key.Length - 1;
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json[start..]));
            var arguments = JsonElement.ParseValue(ref reader);
            sorted.Append(json, at, start - at).Append('{').AppendJoin(',', arguments.EnumerateObject().OrderBy(static a => a.Name, StringComparer.Ordinal)).Append('}');
            at = start + arguments.GetRawText().Length;
        }

        return sorted.Append(json, at, json.Length - at).ToString();
    }

    [GeneratedRegex("\"(total|load|prompt_eval|eval)_duration\":[0-9]+,?")]
    private static partial Regex Durations();

    [GeneratedRegex("\"id\":\"(call_|chatcmpl-|cmpl-)[a-z0-9]+\"")]
    private static partial Regex Ids();

    [GeneratedRegex("\"created\":[0-9]+")]
    private static partial Regex Created();
}
