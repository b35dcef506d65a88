using Inference.Errors;
using Inference.Runtime;
using Inference.Services.Knowledge;
using Inference.V1;

namespace Inference.Services.Output;

/// <summary>The vectors of one call's inputs: computed in batches, sent in the order of the inputs as the batches are done.</summary>
internal sealed class EmbeddingRun
{
    // Enough for the engine to fill its own batches, few enough for the first vectors to leave early.
    private const int BatchSize = 32;
    private const float SmallestNorm = 1e-12f; // Ollama's server/routes.go, normalize

    private readonly EmbedRequest _request;
    private readonly FoundModel _model;
    private readonly IEngine _engine;
    private readonly List<int[]> _inputs;

    /// <exception cref="InferenceException">CONTEXT_LENGTH_EXCEEDED, with the input it is about.</exception>
    public EmbeddingRun(EmbedRequest request, FoundModel model, IEngine engine, Warnings warnings)
    {
        (_request, _model, _engine) = (request, model, engine);
        if (engine.Facts.EmbeddingLength is > 0 and var length && request.HasDimensions && request.Dimensions > length)
        {
            warnings.Add(WarningCatalogue.OptionClamped("dimensions", request.Dimensions, length));
        }

        _inputs = [.. request.Inputs.Select((text, index) => Fit(engine.Tokenize(text, addSpecial: true, parseSpecial: true), index, warnings))];
    }

    public int PromptTokens => _inputs.Sum(static i => i.Length);

    public async Task RunAsync(IEmbeddingWriter writer, CancellationToken ct, CancellationToken caller)
    {
        var next = EmbedAsync(0, ct);
        for (var start = 0; start < _inputs.Count;)
        {
            var vectors = await next;
            next = EmbedAsync(start + vectors.Length, ct); // computes while this batch is written
            try
            {
                for (var i = 0; i < vectors.Length; i++)
                {
                    await writer.EmbeddingAsync(ToEmbedding(vectors[i], start + i), caller);
                }
            }
            catch
            {
                await IgnoreAsync(next);
                throw;
            }

            start += vectors.Length;
        }
    }

    private Task<float[][]> EmbedAsync(int start, CancellationToken ct) => start < _inputs.Count
        ? _engine.EmbedAsync(_inputs.GetRange(start, Math.Min(BatchSize, _inputs.Count - start)), ct)
        : Task.FromResult<float[][]>([]);

    // The cut takes the end of the text, not the token that closes it.
    private int[] Fit(int[] tokens, int index, Warnings warnings)
    {
        var facts = _engine.Facts;
        if (tokens.Length <= facts.ContextLength)
        {
            return tokens;
        }

        if (!_request.Truncate)
        {
            var error = Catalogue.ContextLengthExceeded.For(tokens.Length, facts.ContextLength).Error;
            throw new InferenceException(error with { Facts = error.Facts.With("input_index", $"{index}") });
        }

        warnings.Add(WarningCatalogue.InputTruncated(index, tokens.Length - facts.ContextLength));
        var cut = tokens[..facts.ContextLength];
        if (facts.AddsEos)
        {
            cut[^1] = tokens[^1];
        }

        return cut;
    }

    private Embedding ToEmbedding(float[] vector, int index)
    {
        var values = _request.HasDimensions && _request.Dimensions < vector.Length ? vector.AsSpan(0, _request.Dimensions) : vector;
        var squares = 0d;
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                throw Catalogue.EmbeddingNotFinite.For(_model.Spelling, index);
            }

            squares += (double)value * value;
        }

        var scale = _request is { HasNormalize: true, Normalize: false } ? 1f : 1f / MathF.Max((float)Math.Sqrt(squares), SmallestNorm);
        var embedding = new Embedding { Index = index, PromptTokens = _inputs[index].Length };
        embedding.Values.Capacity = values.Length;
        foreach (var value in values)
        {
            embedding.Values.Add(value * scale);
        }

        return embedding;
    }

    private static async Task IgnoreAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception)
        {
            // Another failure is on its way already.
        }
    }
}
