using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Inference.Facade.Ollama.Replies;
using Inference.GoJson;
using Inference.V1;
using JsonValue = System.Text.Json.JsonElement;
using ProtoValue = Google.Protobuf.WellKnownTypes.Value;

namespace Inference.ContractTests.Facade;

/// <summary>Every reply of the model and embedding routes that a real Ollama sent, read into the contract's messages and written again.</summary>
public sealed class RecordedModelTests
{
    [Fact]
    public Task WriteShow_WhatOllamaSent_IsTheSame() => CheckAsync("/api/show", 46, static (json, reply) =>
    {
        ShowReply.Write(json, Shown(reply), String(reply, "modelfile"), TimeZoneInfo.Utc);
        return ValueTask.CompletedTask;
    });

    [Fact]
    public Task WriteTags_WhatOllamaSent_IsTheSame() => CheckAsync("/api/tags", 4, static (json, reply) =>
    {
        ModelReplies.WriteTags(json, reply.GetProperty("models").EnumerateArray().Select(Listed), TimeZoneInfo.Utc);
        return ValueTask.CompletedTask;
    });

    [Fact]
    public Task WriteRunning_WhatOllamaSent_IsTheSame() => CheckAsync("/api/ps", 11, static (json, reply) =>
    {
        ModelReplies.WriteRunning(json, reply.GetProperty("models").EnumerateArray().Select(Running), TimeProvider.System);
        return ValueTask.CompletedTask;
    });

    [Fact]
    public Task WriteEmbed_WhatOllamaSent_IsTheSame() => CheckAsync("/api/embed", 18, static async (json, reply) =>
    {
        var answer = new EmbedAnswer();
        foreach (var (index, values) in reply.GetProperty("embeddings").EnumerateArray().Index())
        {
            await answer.EmbeddingAsync(new Embedding { Index = index, Values = { values.EnumerateArray().Select(static v => v.GetSingle()) } }, default);
        }

        await answer.FinishAsync(
            new EmbedFinish
            {
                Usage = new Usage { PromptTokens = (int)Int(reply, "prompt_eval_count") },
                Timings = new Timings { TotalDuration = Nanoseconds(reply, "total_duration"), LoadDuration = Nanoseconds(reply, "load_duration") },
            },
            default);
        EmbedReply.Write(json, String(reply, "model"), answer);
    });

    [Fact]
    public Task WriteLegacyEmbeddings_WhatOllamaSent_IsTheSame() => CheckAsync("/api/embeddings", 3, static async (json, reply) =>
    {
        var answer = new EmbedAnswer();
        await answer.EmbeddingAsync(new Embedding { Values = { reply.GetProperty("embedding").EnumerateArray().Select(static v => (float)v.GetDouble()) } }, default);
        EmbedReply.WriteLegacy(json, answer);
    });

    private static async Task CheckAsync(string path, int expectedReplies, Func<GoJsonWriter, JsonValue, ValueTask> rewrite)
    {
        var replies = 0;
        var differences = new List<string>();
        foreach (var record in ((string[])["models", "ps", "embed", "generate", "safetensors", "capabilities", "autodetect", "registry"]).SelectMany(f => Recordings.Read($"ollama/{f}")))
        {
            if (!record.TryGetProperty("request", out var request) || request.GetProperty("path").GetString() != path || request.GetProperty("method").GetString() is "HEAD")
            {
                continue;
            }

            var response = record.GetProperty("response");
            if (response.GetProperty("status").GetInt32() != 200 || Recordings.Body(response) is not { } body)
            {
                continue;
            }

            replies++;
            var written = new ArrayBufferWriter<byte>();
            await rewrite(new GoJsonWriter(written), JsonSerializer.Deserialize<JsonValue>(body));
            var text = Encoding.UTF8.GetString(written.WrittenSpan);
            if (Recordings.Masked(text) != Recordings.Masked(body))
            {
                differences.Add($"{record.GetProperty("id").GetString()}: {text} instead of {body}");
            }
        }

        Assert.Equal([], differences);
        Assert.Equal(expectedReplies, replies);
    }

    private static GetModelResponse Shown(JsonValue reply)
    {
        var shown = new GetModelResponse
        {
            Model = new Model { Details = Details(reply.GetProperty("details")), ModifyTime = Time(reply, "modified_at") },
            Licenses = { String(reply, "license") },
            Template = String(reply, "template"),
            System = String(reply, "system"),
            Requires = String(reply, "requires"),
            Parameters = Parameters(String(reply, "parameters")),
        };
        Capabilities(shown.Model, reply);
        Metadata(shown.Metadata, reply, "model_info");
        Metadata(shown.ProjectorMetadata, reply, "projector_info");
        foreach (var tensor in Array(reply, "tensors"))
        {
            shown.Tensors.Add(new Tensor { Name = String(tensor, "name"), Type = String(tensor, "type"), Shape = { Array(tensor, "shape").Select(static n => n.GetUInt64()) } });
        }

        foreach (var message in Array(reply, "messages"))
        {
            shown.Messages.Add(new ChatMessage { CustomRole = String(message, "role"), Content = { new ContentPart { Text = String(message, "content") } } });
        }

        return shown;
    }

    private static Model Listed(JsonValue model)
    {
        var listed = new Model
        {
            Name = String(model, "name"),
            Digest = $"sha256:{String(model, "digest")}",
            SizeBytes = Int(model, "size"),
            ModifyTime = model.TryGetProperty("modified_at", out _) ? Time(model, "modified_at") : null,
            Details = Details(model.GetProperty("details")),
            RemoteHost = String(model, "remote_host"),
            RemoteModel = String(model, "remote_model"),
        };
        Capabilities(listed, model);
        return listed;
    }

    private static RunningModel Running(JsonValue model) => new()
    {
        Model = Listed(model),
        SizeBytes = Int(model, "size"),
        VramBytes = Int(model, "size_vram"),
        ContextLength = (int)Int(model, "context_length"),
        ExpireTime = Time(model, "expires_at"),
    };

    private static ModelDetails Details(JsonValue details) => new()
    {
        ParentModel = String(details, "parent_model"),
        Format = String(details, "format"),
        Family = String(details, "family"),
        Families = { Array(details, "families").Select(static f => f.GetString()!) },
        ParameterSize = String(details, "parameter_size"),
        QuantizationLevel = String(details, "quantization_level"),
        ContextLength = Int(details, "context_length"),
        EmbeddingLength = Int(details, "embedding_length"),
    };

    private static void Capabilities(Model model, JsonValue reply)
    {
        foreach (var name in Array(reply, "capabilities").Select(static c => c.GetString()!))
        {
            if (System.Enum.TryParse<Capability>(name, ignoreCase: true, out var known))
            {
                model.Capabilities.Add(known);
            }
            else
            {
                model.OtherCapabilities.Add(name);
            }
        }
    }

    private static void Metadata(MapField<string, GgufValue> metadata, JsonValue reply, string name)
    {
        if (reply.TryGetProperty(name, out var info))
        {
            foreach (var member in info.EnumerateObject())
            {
                metadata[member.Name] = Gguf(member.Value);
            }
        }
    }

    private static GgufValue Gguf(JsonValue value) => value.ValueKind switch
    {
        JsonValueKind.String => new GgufValue { StringValue = value.GetString() },
        JsonValueKind.True or JsonValueKind.False => new GgufValue { BoolValue = value.GetBoolean() },
        JsonValueKind.Number when value.TryGetInt64(out var integer) => new GgufValue { IntegerValue = integer },
        JsonValueKind.Number => new GgufValue { FloatValue = value.GetSingle() },
        JsonValueKind.Array => new GgufValue { ArrayValue = new GgufArray { Length = value.GetArrayLength(), Values = { value.EnumerateArray().Select(Gguf) } } },
        _ => new GgufValue { ArrayValue = new GgufArray { Length = 1 } },
    };

    private static Struct Parameters(string lines)
    {
        var parameters = new Struct();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = line[..line.IndexOf(' ', StringComparison.Ordinal)];
            var value = JsonSerializer.Deserialize<JsonValue>(line[name.Length..].Trim());
            var next = value.ValueKind switch
            {
                JsonValueKind.String => ProtoValue.ForString(value.GetString()),
                JsonValueKind.Number => ProtoValue.ForNumber(value.GetDouble()),
                _ => ProtoValue.ForBool(value.GetBoolean()),
            };
            parameters.Fields[name] = parameters.Fields.TryGetValue(name, out var before)
                ? ProtoValue.ForList([.. before.KindCase is ProtoValue.KindOneofCase.ListValue ? before.ListValue.Values : [before], next])
                : next;
        }

        return parameters;
    }

    private static Timestamp Time(JsonValue from, string name) =>
        Timestamp.FromDateTimeOffset(DateTimeOffset.Parse(String(from, name), CultureInfo.InvariantCulture));

    private static Duration Nanoseconds(JsonValue from, string name) => new()
    {
        Seconds = Int(from, name) / Duration.NanosecondsPerSecond,
        Nanos = (int)(Int(from, name) % Duration.NanosecondsPerSecond),
    };

    private static JsonValue.ArrayEnumerator Array(JsonValue from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Array ? value.EnumerateArray() : default;

    private static string String(JsonValue from, string name) => from.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static long Int(JsonValue from, string name) => from.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
