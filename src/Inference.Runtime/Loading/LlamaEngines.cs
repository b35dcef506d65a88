using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Embedding;
using Inference.Runtime.Scheduling;

namespace Inference.Runtime.Loading;

/// <summary>Engines that compute with llama.cpp.</summary>
public static class LlamaEngines
{
    private const int Rounding = 256;        // llama.cpp rounds the cells of a sequence up to it
    private const int TextsInABatch = 32;

    /// <summary>For the <see cref="Loader"/>.</summary>
    public static EngineFactory Create(RuntimeOptions options) => (complete, progress, ct) =>
    {
        try
        {
            return Load(options, complete, progress, ct);
        }
        catch (LlamaException e)
        {
            throw Translate(e, complete);
        }
    };

    internal static ITokenizer ReadVocabulary(LoadSpec spec)
    {
        try
        {
            return new ModelTokenizer(LlamaModel.Load(spec.Path, new ModelParameters { GpuLayers = 0 }));
        }
        catch (LlamaException e)
        {
            throw Translate(e, spec);
        }
    }

    private static IEngine Load(RuntimeOptions options, LoadSpec complete, Action<float> progress, CancellationToken ct)
    {
        var settings = complete.Settings;
        var model = LlamaModel.Load(
            complete.Path,
            new ModelParameters { GpuLayers = settings.GpuLayers, MainGpu = settings.MainGpu, MemoryMap = settings.MemoryMap },
            progress, ct);
        try
        {
            ct.ThrowIfCancellationRequested();
            return complete.Facts.Embeds ? Embedder(options, complete, model) : Generator(options, complete, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static Engine Generator(RuntimeOptions options, LoadSpec complete, LlamaModel model)
    {
        var settings = complete.Settings;
        var unified = options.Cache is CacheKind.Unified;
        var each = (settings.ContextLength + Rounding - 1) / Rounding * Rounding;
        var context = LlamaContext.Create(model, new ContextParameters
        {
            ContextLength = unified ? Math.Max(settings.CacheCells, each) : each * settings.NumParallel,
            Sequences = settings.NumParallel,
            BatchSize = Math.Max(settings.BatchSize, settings.NumParallel),
            Threads = settings.Threads,
            BatchThreads = settings.Threads,
            Unified = unified,
            FlashAttention = settings.FlashAttention,
            CacheType = settings.KvCacheType ?? CacheType.F16,
        });
        if (!context.HasMemory)
        {
            context.Dispose();
            throw new LlamaException(LlamaFault.Unsupported, "it is an encoder and cannot generate");
        }

        return new Engine(
            model, new LlamaDecoder(model, context),
            new EngineSettings
            {
                Model = complete.Model,
                ContextLength = settings.ContextLength,
                Slots = settings.NumParallel,
                BatchSize = Math.Max(settings.BatchSize, settings.NumParallel),
                Unified = unified,
                OutputCapacity = options.OutputCapacity,
                MaxQueue = options.MaxQueue,
                CacheBytes = context.Length * complete.Facts.CacheBytesPerToken,
            },
            ownsModel: true);
    }

    private static EmbeddingEngine Embedder(RuntimeOptions options, LoadSpec complete, LlamaModel model)
    {
        var settings = complete.Settings;
        var longest = model.TrainedContext > 0 ? Math.Min(settings.ContextLength, model.TrainedContext) : settings.ContextLength;
        var batch = Math.Max(Rounding, Math.Max(longest, settings.BatchSize));
        var context = LlamaContext.Create(model, new ContextParameters
        {
            ContextLength = batch, // a text must fit one step: pooling covers only the last
            BatchSize = batch,
            Sequences = TextsInABatch,
            Threads = settings.Threads,
            BatchThreads = settings.Threads,
            Unified = true, // texts of any length side by side
            FlashAttention = settings.FlashAttention,
            Embeddings = true,
        });
        if (context.Pooling is PoolingType.None)
        {
            context.Dispose();
            throw new LlamaException(LlamaFault.Unsupported, "it does not say how vectors are pooled");
        }

        return new EmbeddingEngine(
            model, new LlamaPooler(context),
            new EngineSettings
            {
                Model = complete.Model,
                ContextLength = longest,
                Slots = TextsInABatch,
                BatchSize = batch,
                MaxQueue = options.MaxQueue,
                CacheBytes = context.HasMemory ? batch * complete.Facts.CacheBytesPerToken : 0,
            },
            ownsModel: true);
    }

    private static InferenceException Translate(LlamaException e, LoadSpec spec) => e.Fault switch
    {
        LlamaFault.Unsupported => Catalogue.ModelUnsupported.Because(e, spec.Model, spec.Facts.Architecture),
        _ => Catalogue.LoadFailed.Because(e, spec.Model, e.Message),
    };
}
