using Inference.GoJson;

namespace Inference.Facade.Ollama.Remote;

/// <summary>What another server answered for a stored model, as Ollama tells it: read into its struct, and written from it.</summary>
/// <param name="Path">The route, here and there.</param>
/// <param name="Fields">The members behind the time, in the order of the struct; with what stands there for those that are always written.</param>
internal sealed record RemoteReply(string Path, IReadOnlyList<(string Name, string? Always)> Fields)
{
    // A time that was never set.
    private const string NoTime = "\"0001-01-01T00:00:00Z\"";

    private static readonly (string Name, string? Always)[] Metrics =
        [("total_duration", null), ("load_duration", null), ("prompt_eval_count", null), ("prompt_eval_duration", null), ("eval_count", null), ("eval_duration", null)];

    public static readonly RemoteReply Generate = new("/api/generate",
        [("response", "\"\""), ("thinking", null), ("done", "false"), ("done_reason", null), ("context", null), .. Metrics, ("tool_calls", null), ("_debug_info", null), ("logprobs", null)]);

    public static readonly RemoteReply Chat = new("/api/chat",
        [("message", "{\"role\":\"\",\"content\":\"\"}"), ("done", "false"), ("done_reason", null), ("_debug_info", null), ("logprobs", null), .. Metrics]);

    /// <param name="json">Where to.</param>
    /// <param name="line">One object of the answer.</param>
    /// <param name="model">The model, spelled as in the request.</param>
    /// <param name="remoteModel">Its name there.</param>
    /// <param name="remoteHost">The server, as stored.</param>
    public void Write(GoJsonWriter json, ReadOnlyMemory<byte> line, string model, string remoteModel, string remoteHost)
    {
        var told = RequestMembers.Of(line);
        json.Raw("{\"model\":"u8);
        json.String(model);
        json.Raw(",\"remote_model\":"u8);
        json.String(remoteModel);
        json.Raw(",\"remote_host\":"u8);
        json.String(remoteHost);
        Write(json, told, "created_at", NoTime);
        foreach (var (name, always) in Fields)
        {
            Write(json, told, name, always);
        }

        json.Raw("}"u8);
    }

    private static void Write(GoJsonWriter json, OrderedDictionary<string, ReadOnlyMemory<byte>> told, string name, string? always)
    {
        var value = told.TryGetValue(name, out var raw) ? raw.Span : [];
        var isEmpty = value is [] || value.SequenceEqual("null"u8) || (always is null && IsZero(value));
        if (isEmpty && always is null)
        {
            return;
        }

        json.Raw(","u8);
        json.Key(name);
        if (isEmpty)
        {
            json.Raw(System.Text.Encoding.ASCII.GetBytes(always!));
        }
        else
        {
            json.Raw(GoCompact.Compact(value).Span);
        }
    }

    // omitempty.
    private static bool IsZero(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("\"\""u8) || value.SequenceEqual("0"u8) || value.SequenceEqual("false"u8) || value.SequenceEqual("[]"u8);
}
