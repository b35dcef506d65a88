using System.Globalization;
using System.Text.Json;
using Inference.Errors;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.Services.Remote;

/// <summary>The fields that Generate and Chat share, in Ollama's form. What that form cannot say is refused, not left out.</summary>
internal static class RemoteOptions
{
    /// <exception cref="InferenceException">FEATURE_UNSUPPORTED.</exception>
    public static void Write(RemoteBody body, CommonFields common, Warnings warnings)
    {
        Refuse(common.LoraAdapters.Count > 0, "lora_adapters");
        Refuse(common.Thinking is { HasBudgetTokens: true }, "thinking.budget_tokens");
        WriteFormat(body, common.Format);
        WriteThinking(body, common.Thinking);
        if (common.KeepAlive is { } keep)
        {
            body.Set("keep_alive", json => json.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{keep.Seconds}.{Math.Abs(keep.Nanos):D9}s")));
        }

        body.Set("stream", static json => json.WriteBooleanValue(true));
        body.Set("truncate", json => json.WriteBooleanValue(common.Truncate));
        body.Set("shift", json => json.WriteBooleanValue(common.Shift));
        if (common.Logprobs is { } logprobs)
        {
            body.Set("logprobs", static json => json.WriteBooleanValue(true));
            body.Set("top_logprobs", json => json.WriteNumberValue(logprobs.Top));
        }

        body.Set("options", json => WriteOptions(json, common.Options ?? new SamplingOptions(), common.LoadOptions ?? new LoadOptions()));
        warnings.AddPriority(common.Priority);
        if (common.Stream.ToolCallDeltas)
        {
            warnings.Add(WarningCatalogue.OptionIgnored("stream_options.tool_call_deltas", "tool calls are sent when they are complete"));
        }
    }

    private static void WriteFormat(RemoteBody body, OutputFormat? format)
    {
        switch (format?.KindCase ?? OutputFormat.KindOneofCase.None)
        {
            case OutputFormat.KindOneofCase.None:
                return;
            case OutputFormat.KindOneofCase.Json:
                body.Set("format", static json => json.WriteStringValue("json"u8));
                return;
            case OutputFormat.KindOneofCase.JsonSchema:
                body.Set("format", json => WriteSchema(json, format!.JsonSchema));
                return;
            default:
                throw Catalogue.FeatureUnsupported.For($"format.{format!.KindCase.ToString().ToLowerInvariant()}, for a model that another server runs,");
        }
    }

    private static void WriteSchema(Utf8JsonWriter json, string schema)
    {
        try
        {
            using var parsed = JsonDocument.Parse(schema);
            parsed.RootElement.WriteTo(json);
        }
        catch (JsonException e)
        {
            throw Catalogue.JsonSchemaInvalid.Because(e, "format.json_schema", "", "it is not JSON");
        }
    }

    private static void WriteThinking(RemoteBody body, Thinking? thinking)
    {
        switch (thinking?.SettingCase ?? Thinking.SettingOneofCase.None)
        {
            case Thinking.SettingOneofCase.Enabled:
                body.Set("think", json => json.WriteBooleanValue(thinking!.Enabled));
                return;
            case Thinking.SettingOneofCase.Level:
                body.Set("think", json => json.WriteStringValue(thinking!.Level is ThinkingLevel.Unspecified ? "medium" : thinking.Level.ToString().ToLowerInvariant()));
                return;
        }
    }

    private static void WriteOptions(Utf8JsonWriter json, SamplingOptions o, LoadOptions load)
    {
        Refuse(o.LogitBias.Count > 0, "options.logit_bias");
        Refuse(o.HasTopNSigma, "options.top_n_sigma");
        Refuse(o.Xtc is not null, "options.xtc");
        Refuse(o.Dry is not null, "options.dry");
        Refuse(load.KvCacheType is not KvCacheType.Unspecified, "load_options.kv_cache_type");
        Refuse(load.HasFlashAttention, "load_options.flash_attention");
        Refuse(load.HasNumParallel, "load_options.num_parallel");
        json.WriteStartObject();
        Number(json, o.HasTemperature, "temperature"u8, o.Temperature);
        Number(json, o.HasTopK, "top_k"u8, o.TopK);
        Number(json, o.HasTopP, "top_p"u8, o.TopP);
        Number(json, o.HasMinP, "min_p"u8, o.MinP);
        Number(json, o.HasTypicalP, "typical_p"u8, o.TypicalP);
        Number(json, o.HasRepeatLastN, "repeat_last_n"u8, o.RepeatLastN);
        Number(json, o.HasRepeatPenalty, "repeat_penalty"u8, o.RepeatPenalty);
        Number(json, o.HasPresencePenalty, "presence_penalty"u8, o.PresencePenalty);
        Number(json, o.HasFrequencyPenalty, "frequency_penalty"u8, o.FrequencyPenalty);
        Number(json, o.HasSeed, "seed"u8, o.Seed);
        Number(json, o.HasNumPredict, "num_predict"u8, o.NumPredict);
        Number(json, o.HasNumKeep, "num_keep"u8, o.NumKeep);
        Number(json, load.HasNumCtx, "num_ctx"u8, load.NumCtx);
        Number(json, load.HasNumBatch, "num_batch"u8, load.NumBatch);
        Number(json, load.HasNumGpu, "num_gpu"u8, load.NumGpu);
        Number(json, load.HasMainGpu, "main_gpu"u8, load.MainGpu);
        Number(json, load.HasNumThread, "num_thread"u8, load.NumThread);
        Number(json, load.HasDraftNumPredict, "draft_num_predict"u8, load.DraftNumPredict);
        if (load.HasUseMmap)
        {
            json.WriteBoolean("use_mmap"u8, load.UseMmap);
        }

        if (o.Stop is { } stop)
        {
            json.WriteStartArray("stop"u8);
            foreach (var sequence in stop.Sequences)
            {
                json.WriteStringValue(sequence);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, bool isSet, ReadOnlySpan<byte> name, long value)
    {
        if (isSet)
        {
            json.WriteNumber(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, bool isSet, ReadOnlySpan<byte> name, float value)
    {
        if (isSet)
        {
            json.WriteNumber(name, value);
        }
    }

    public static void Refuse(bool isSet, string field)
    {
        if (isSet)
        {
            throw Catalogue.FeatureUnsupported.For($"{field}, for a model that another server runs,");
        }
    }
}
