using Inference.GoJson;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>Keeps the vectors until all are there: an error in the last one is the answer to all.</summary>
internal sealed class EmbedAnswer : IEmbeddingWriter
{
    private readonly SortedList<int, Embedding> _embeddings = [];

    public IEnumerable<Embedding> Embeddings => _embeddings.Values;

    public EmbedFinish Finish { get; private set; } = new();

    public ValueTask ProgressAsync(Progress progress, CancellationToken ct) => ValueTask.CompletedTask;

    public ValueTask EmbeddingAsync(Embedding embedding, CancellationToken ct)
    {
        _embeddings[embedding.Index] = embedding;
        return ValueTask.CompletedTask;
    }

    public ValueTask FinishAsync(EmbedFinish finish, CancellationToken ct)
    {
        Finish = finish;
        return ValueTask.CompletedTask;
    }
}

/// <summary>The replies of /api/embed and /api/embeddings (api/types.go, EmbedResponse and EmbeddingResponse).</summary>
internal static class EmbedReply
{
    public static void Write(GoJsonWriter json, string model, EmbedAnswer answer)
    {
        json.Raw("{\"model\":"u8);
        json.String(model);
        json.Raw(",\"embeddings\":"u8);
        json.List(answer.Embeddings, static (json, e) => json.List(e.Values, static (json, x) => json.Float(x)));
        json.Optional(",\"total_duration\":"u8, OllamaOutput.Nanoseconds(answer.Finish.Timings?.TotalDuration));
        json.Optional(",\"load_duration\":"u8, OllamaOutput.Nanoseconds(answer.Finish.Timings?.LoadDuration));
        json.Optional(",\"prompt_eval_count\":"u8, answer.Finish.Usage?.PromptTokens ?? 0);
        json.Raw("}"u8);
    }

    /// <summary>The older route widens the numbers to 64 bits before it prints them.</summary>
    public static void WriteLegacy(GoJsonWriter json, EmbedAnswer answer)
    {
        json.Raw("{\"embedding\":"u8);
        json.List(answer.Embeddings.SelectMany(static e => e.Values), static (json, x) => json.Double(x));
        json.Raw("}"u8);
    }
}
