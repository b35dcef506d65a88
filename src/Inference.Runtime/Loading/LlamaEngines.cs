using Inference.Errors;
using Inference.Llama;
using Inference.Runtime.Embedding;
using Inference.Runtime.Scheduling;

namespace Inference.Runtime.Loading;

/// <summary>Engines that compute with llama.cpp.</summary>
public static class LlamaEngines
{
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
            return new ModelTokenizer(LlamaModel.LoadVocabulary(spec.Path).Vocabulary);
        }
        catch (LlamaException e)
        {
            throw Translate(e, spec);
        }
    }

    private static IEngine Load(RuntimeOptions options, LoadSpec complete, Action<float> progress, CancellationToken ct)
    {
        var settings = complete.Settings;
        var free = Accelerators.FreeBytes();
        var model = LlamaModel.Load(
            complete.Path,
            new ModelParameters { GpuLayers = settings.GpuLayers, MainGpu = settings.MainGpu, MemoryMap = settings.MemoryMap },
            progress, ct);
        LlamaContext? context = null;
        try
        {
            ct.ThrowIfCancellationRequested();
            var parameters = complete.Facts.Embeds ? ForVectors(complete, model) : ForText(options, complete);
            context = LlamaContext.Create(model, parameters);
            var vram = Math.Max(0, free - Accelerators.FreeBytes());
            var common = new EngineSettings
            {
                Model = complete.Model,
                ContextLength = settings.ContextLength,
                Slots = parameters.Sequences,
                BatchSize = parameters.BatchSize,
                Unified = parameters.Unified,
                OutputCapacity = options.OutputCapacity,
                MaxQueue = options.MaxQueue,
                CacheBytes = context.HasMemory ? MemoryPlan.CacheBytes(complete.Facts, context.Length, parameters.CacheType) : 0,
                VramBytes = vram,
                LayersOffloaded = vram == 0 ? 0 : settings.GpuLayers < 0 ? model.LayerCount : Math.Min(settings.GpuLayers, model.LayerCount),
            };
            return complete.Facts.Embeds
                ? Embedder(model, context, common)
                : new Engine(model, new LlamaDecoder(model, context), common, ownsModel: true);
        }
        catch
        {
            context?.Dispose();
            model.Dispose();
            throw;
        }
    }

    private static ContextParameters ForText(RuntimeOptions options, LoadSpec complete)
    {
        var settings = complete.Settings;
        var unified = options.Cache is CacheKind.Unified;
        var each = MemoryPlan.CellsFor(settings.ContextLength);
        return new ContextParameters
        {
            ContextLength = unified ? Math.Max(settings.CacheCells, each) : each * settings.NumParallel,
            Sequences = settings.NumParallel,
            BatchSize = Math.Max(settings.BatchSize, settings.NumParallel),
            Threads = settings.Threads,
            BatchThreads = settings.Threads,
            Unified = unified,
            FlashAttention = settings.FlashAttention,
            CacheType = settings.KvCacheType ?? CacheType.F16,
        };
    }

    private static ContextParameters ForVectors(LoadSpec complete, LlamaModel model)
    {
        var settings = complete.Settings;
        var batch = Math.Max(MemoryPlan.CellsFor(LongestText(settings.ContextLength, model)), settings.BatchSize);
        return new ContextParameters
        {
            ContextLength = batch, // a text must fit one step: attention and pooling cover only that
            BatchSize = batch,
            Sequences = TextsInABatch,
            Threads = settings.Threads,
            BatchThreads = settings.Threads,
            Unified = true, // texts of any length side by side
            FlashAttention = settings.FlashAttention,
            Embeddings = true,
        };
    }

    private static EmbeddingEngine Embedder(LlamaModel model, LlamaContext context, EngineSettings common) =>
        context.Pooling is PoolingType.None
            ? throw new LlamaException(LlamaFault.Unsupported, "it does not say how vectors are pooled")
            : new EmbeddingEngine(model, new LlamaPooler(context), common with { ContextLength = LongestText(common.ContextLength, model) }, ownsModel: true);

    // The file's word may be missing from the facts; a longer text would end the process.
    private static int LongestText(int contextLength, LlamaModel model) =>
        model.TrainedContext > 0 ? Math.Min(contextLength, model.TrainedContext) : contextLength;

    private static InferenceException Translate(LlamaException e, LoadSpec spec)
    {
        if (e.Fault is not LlamaFault.Unsupported && !e.Message.Contains("unknown model architecture", StringComparison.Ordinal))
        {
            return Catalogue.LoadFailed.Because(e, spec.Model, e.Message);
        }

        var failure = Catalogue.ModelUnsupported.For(spec.Model, spec.Facts.Architecture).Error;
        return new InferenceException(failure with { Facts = failure.Facts.With("detail", e.Message) }, e);
    }
}
