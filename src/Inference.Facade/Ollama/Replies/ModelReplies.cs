using Google.Protobuf.WellKnownTypes;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>The listings: /api/tags and /api/ps (api/types.go, ListResponse and ProcessResponse).</summary>
internal static class ModelReplies
{
    // time.Duration's longest, about 292 years: what a model that stays for ever adds to now.
    private static readonly TimeSpan Forever = TimeSpan.FromTicks(long.MaxValue / TimeSpan.NanosecondsPerTick);

    public static void WriteTags(GoJsonWriter json, IEnumerable<Model> models, TimeZoneInfo zone)
    {
        json.Raw("{\"models\":"u8);
        json.List(models, (json, model) => WriteTag(json, model, zone));
        json.Raw("}"u8);
    }

    public static void WriteRunning(GoJsonWriter json, IEnumerable<RunningModel> models, TimeProvider time)
    {
        json.Raw("{\"models\":"u8);
        json.List(models, (json, model) => WriteRunning(json, model, time));
        json.Raw("}"u8);
    }

    /// <summary>The lengths are in the list of tags only.</summary>
    public static void WriteDetails(this GoJsonWriter json, ModelDetails details, bool withParent = true, bool withLengths = false)
    {
        json.Raw("{\"parent_model\":"u8);
        json.String(withParent ? details.ParentModel : "");
        json.Raw(",\"format\":"u8);
        json.String(details.Format);
        json.Raw(",\"family\":"u8);
        json.String(details.Family);
        json.Raw(",\"families\":"u8);
        if (details.Families.Count == 0)
        {
            json.Raw("null"u8);
        }
        else
        {
            json.List(details.Families, static (json, family) => json.String(family));
        }

        json.Raw(",\"parameter_size\":"u8);
        json.String(details.ParameterSize);
        json.Raw(",\"quantization_level\":"u8);
        json.String(details.QuantizationLevel);
        if (withLengths)
        {
            json.Optional(",\"context_length\":"u8, details.ContextLength);
            json.Optional(",\"embedding_length\":"u8, details.EmbeddingLength);
        }

        json.Raw("}"u8);
    }

    public static void WriteCapabilities(this GoJsonWriter json, Model model)
    {
        // Reranking is not among Ollama's.
        var names = model.Capabilities.Where(static c => c is not Capability.Rerank).Select(static c => c.ToString().ToLowerInvariant()).Concat(model.OtherCapabilities).ToList();
        if (names.Count > 0)
        {
            json.Raw(",\"capabilities\":"u8);
            json.List(names, static (json, name) => json.String(name));
        }
    }

    public static void WriteLocal(this GoJsonWriter json, Timestamp? time, TimeZoneInfo zone) =>
        json.Time(TimeZoneInfo.ConvertTime(time?.ToDateTimeOffset() ?? default, zone));

    private static void WriteTag(GoJsonWriter json, Model model, TimeZoneInfo zone)
    {
        WriteNames(json, model);
        json.Optional(",\"remote_model\":"u8, model.RemoteModel);
        json.Optional(",\"remote_host\":"u8, model.RemoteHost);
        json.Raw(",\"modified_at\":"u8);
        json.WriteLocal(model.ModifyTime, zone);
        json.Raw(",\"size\":"u8);
        json.Int(model.SizeBytes);
        json.Raw(",\"digest\":"u8);
        json.String(Hex(model.Digest));
        json.Raw(",\"details\":"u8);
        json.WriteDetails(model.Details ?? new ModelDetails(), withLengths: true);
        json.WriteCapabilities(model);
        json.Raw("}"u8);
    }

    private static void WriteRunning(GoJsonWriter json, RunningModel running, TimeProvider time)
    {
        var model = running.Model ?? new Model();
        WriteNames(json, model);
        json.Raw(",\"size\":"u8);
        json.Int(running.SizeBytes);
        json.Raw(",\"digest\":"u8);
        json.String(Hex(model.Digest));
        json.Raw(",\"details\":"u8);
        json.WriteDetails(model.Details ?? new ModelDetails(), withParent: false);
        json.Raw(",\"expires_at\":"u8);
        json.WriteLocal(running.ExpireTime ?? Timestamp.FromDateTimeOffset(time.GetUtcNow() + Forever), time.LocalTimeZone);
        json.Raw(",\"size_vram\":"u8);
        json.Int(running.VramBytes);
        json.Raw(",\"context_length\":"u8);
        json.Int(running.ContextLength);
        json.Raw("}"u8);
    }

    private static void WriteNames(GoJsonWriter json, Model model)
    {
        json.Raw("{\"name\":"u8);
        json.String(model.Name);
        json.Raw(",\"model\":"u8);
        json.String(model.Name);
    }

    private static string Hex(string digest) => digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
