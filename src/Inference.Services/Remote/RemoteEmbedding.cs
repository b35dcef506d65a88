using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.Services.Remote;

/// <summary>Embeddings that another server makes.</summary>
internal static class RemoteEmbedding
{
    /// <exception cref="InferenceException">REMOTE_DISABLED or REMOTE_MODEL_UNSUPPORTED for a stored model: it has no weights to embed with; and what the server says.</exception>
    public static async Task<EmbedFinish> RunAsync(RemoteModels models, RemoteModel model, EmbedRequest request, CallScope scope, IEmbeddingWriter writer, CancellationToken caller)
    {
        if (model.Stored is { } stored)
        {
            throw models.Disabled(model) ?? Catalogue.RemoteModelUnsupported.For(model.Spelling, stored.Config.RemoteHost);
        }

        var warnings = new Warnings();
        var run = models.Run(model);
        var body = request.ToRemote();
        warnings.AddPriority(request.Priority);
        warnings.Check(request.Strict);
        using var lines = await run.SendAsync("/api/embed", body, scope.Token);
        await foreach (var line in lines.ReadAsync(scope.Token))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (!root.TryGetProperty("embeddings", out var vectors) || vectors.ValueKind is not JsonValueKind.Array || vectors.GetArrayLength() != request.Inputs.Count)
            {
                break;
            }

            var index = 0;
            foreach (var vector in vectors.EnumerateArray())
            {
                await writer.EmbeddingAsync(new Embedding { Index = index++, Values = { Values(vector, lines) } }, caller);
            }

            var tokens = root.TryGetProperty("prompt_eval_count", out var count) && count.TryGetInt32(out var n) ? n : 0;
            var finish = new EmbedFinish
            {
                Model = model.FullName,
                Usage = new Usage { PromptTokens = tokens },
                Timings = new Timings { TotalDuration = Duration.FromTimeSpan(scope.Elapsed) },
                Warnings = { warnings.Items },
            };
            await writer.FinishAsync(finish, caller);
            return finish;
        }

        throw lines.Broken("an answer without its embeddings");
    }

    private static IEnumerable<float> Values(JsonElement vector, RemoteLines lines) => vector.ValueKind is JsonValueKind.Array
        ? vector.EnumerateArray().Select(v => v.ValueKind is JsonValueKind.Number ? v.GetSingle() : throw lines.Broken("an embedding that is not numbers"))
        : throw lines.Broken("an embedding that is not a list");
}
