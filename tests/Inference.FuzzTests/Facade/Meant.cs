using Inference.FuzzTests.Json;

namespace Inference.FuzzTests.Facade;

/// <summary>The request types again, with values that lead further than decoding: names of models, options, formats; and loosely those of /v1.</summary>
internal static class Meant
{
    private static readonly string[] Models =
    [
        "\"m\"", "\"m\"", "\"m\"", "\"m\"", "\"m:latest\"", "\"library/m\"", "\" m \"", "\"think\"", "\"e\"", "\"noweights\"", "\"badparams\"", "\"badtemplate\"", "\"nope\"", "\"m:cloud\"",
        "\"a:cloud:local\"", "\"\"", "\"  \"", "\"/x\"", "\"a:b:c\"", "\"../../m\"", "\"m@sha256:00\"", "\"\\u00e9\"", "\"http://h/n/m:t\"", "\"\\u0000\"",
    ];

    private static readonly string[] Options =
    [
        "{}", "{\"temperature\":0}", "{\"temperature\":\"hot\"}", "{\"num_predict\":3}", "{\"num_predict\":-1}", "{\"num_ctx\":2}", "{\"num_ctx\":1e12}", "{\"stop\":[\"a\"]}", "{\"stop\":\"a\"}", "{\"stop\":[1]}",
        "{\"seed\":1.5}", "{\"seed\":-1}", "{\"top_k\":-5,\"top_p\":7}", "{\"nope\":1}", "{\"use_mmap\":1}", "{\"num_gpu\":null}", "{\"repeat_penalty\":0}", "{\"num_keep\":true}", "{\"typical_p\":1e300}", "{\"mirostat\":2}",
    ];

    private static readonly string[] Formats =
    [
        "\"json\"", "\"\"", "\"xml\"", "null", "5", "[]", "{}", "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}", "{\"type\":\"nope\"}", "{\"$ref\":\"#/nowhere\"}", "{\"pattern\":\"(\"}", " { } ",
    ];

    private static readonly string[] Prompts = ["\"\"", "\"Hi\"", "\"[img]\"", "\"" + new string('x', 5000) + "\""];

    private static readonly string[] Messages =
    [
        "[]", "[{\"role\":\"user\",\"content\":\"Hi\"}]", "[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"user\",\"content\":\"Hi\"}]", "[{\"role\":\"nobody\",\"content\":\"Hi\"}]", "[{\"role\":\"tool\",\"content\":\"1\",\"tool_name\":\"f\"}]",
        "[{\"role\":\"assistant\",\"content\":\"\"}]", "[{\"role\":\"user\",\"content\":\"Hi\",\"images\":[\"AAAA\"]}]", "[{}]", "[null]",
    ];

    /// <summary>By path.</summary>
    public static IReadOnlyDictionary<string, Shape.Struct> All { get; } = new SortedDictionary<string, Shape.Struct>(
        Requests.All.ToDictionary(static r => $"/api/{r.Key}", static r => new Shape.Struct([.. r.Value.Fields.Select(Known)])).Concat(Compat()).ToDictionary(), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, Shape.Struct>> Compat()
    {
        Shape text = new Shape.Text(), any = new Shape.Any(), truth = new Shape.Bool(), number = new Shape.Int();
        Shape.ListOf messages = new(() => new Shape.Struct(new Field("role", text), new Field("content", any), new Field("tool_calls", any), new Field("tool_call_id", text)));
        Field[] common = [new("model", text), new("stream", truth), new("temperature", number), new("top_p", number), new("max_tokens", number), new("stop", any), new("seed", number)];
        yield return new("/v1/chat/completions", Of(new("messages", messages), new("tools", any), new("response_format", any), new("reasoning_effort", text), new("stream_options", any), new("logprobs", truth)));
        yield return new("/v1/completions", Of(new("prompt", text), new("suffix", text), new("logprobs", number)));
        yield return new("/v1/embeddings", Of(new("input", any), new("encoding_format", text), new("dimensions", number)));
        yield return new("/v1/responses", Of(new("input", any), new("instructions", text), new("tools", any), new("text", any), new("truncation", text)));
        yield return new("/v1/messages", Of(new("messages", messages), new("system", any), new("tools", any), new("thinking", any), new("tool_choice", any)));

        Shape.Struct Of(params Field[] own) => new([.. common.Concat(own).Select(Known)]);
    }

    private static Field Known(Field field) => field with
    {
        Often = field.Name switch
        {
            "model" => Models,
            "options" => Options,
            "format" => Formats,
            "prompt" or "suffix" or "system" => Prompts,
            "messages" => Messages,
            "input" => [.. Prompts, .. Messages, "[\"a\",\"b\"]", "[\"a\",1]"],
            "keep_alive" => ["0", "-1", "\"5m\"", "300"],
            "top_logprobs" => ["0", "5", "20", "21", "-1"],
            _ => [],
        },
    };
}
