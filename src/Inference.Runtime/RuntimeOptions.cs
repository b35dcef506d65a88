using System.ComponentModel.DataAnnotations;
using Inference.Llama;

namespace Inference.Runtime;

/// <summary>How models are loaded and shared, unless a call or a model says otherwise. OLLAMA_* variables are mapped onto it by the server.</summary>
public sealed class RuntimeOptions
{
    public const string Section = "Inference:Runtime";

    /// <summary>Calls that may wait for a slot or a load before new ones get SERVER_BUSY. OLLAMA_MAX_QUEUE; 512 as in Ollama's envconfig.</summary>
    [Range(1, 65_536)]
    public int MaxQueue { get; set; } = 512;

    /// <summary>Sequences that run at once on one model. OLLAMA_NUM_PARALLEL; 0, the default, is as many as a quarter of the memory that the weights leave free holds, 32 at most; of a unified cache 32.</summary>
    [Range(0, 256)]
    public int NumParallel { get; set; }

    /// <summary>Context length of one sequence where neither call nor model has one. OLLAMA_CONTEXT_LENGTH; 0, the default, is 4096, or more by the memory of accelerators, as in Ollama.</summary>
    [Range(0, 1 << 24)]
    public int ContextLength { get; set; }

    /// <summary>How long an idle model stays. OLLAMA_KEEP_ALIVE; 5 minutes as in Ollama's envconfig. Negative is for ever.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a load may make no progress. OLLAMA_LOAD_TIMEOUT; 5 minutes as in Ollama's envconfig. 0 or less is without limit.</summary>
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Models in memory at once. OLLAMA_MAX_LOADED_MODELS; 0, the default, is 3 for each accelerator, 3 without, as in Ollama.</summary>
    [Range(0, 1024)]
    public int MaxLoadedModels { get; set; }

    /// <summary>Threads for each model. 0, the default, is one less than the cores: OpenMP's barriers spin, and a busy neighbour on the last core costs more than the core gives.</summary>
    [Range(0, 512)]
    public int Threads { get; set; }

    /// <summary>
    /// Split: each sequence has its own cells, is faster beside many, and its text does not depend on its neighbours. Unified: one pool, in which
    /// more sequences may run than could all be long, and a long one gets what others do not use.
    /// </summary>
    public CacheKind Cache { get; set; } = CacheKind.Split;

    /// <summary>
    /// OLLAMA_FLASH_ATTENTION. Null, the default, is off on the CPU: only without it does a text never depend on how a prompt was divided
    /// into steps or what of it was in the cache already. There it also generates faster (1.1 to 4 times, the more the longer the context)
    /// and reads prompts a third slower: measured with the embedded model. A quantized cache has it on all the same: it cannot do without.
    /// </summary>
    public bool? FlashAttention { get; set; }

    /// <summary>OLLAMA_KV_CACHE_TYPE; f16 as in Ollama.</summary>
    public CacheType KvCacheType { get; set; } = CacheType.F16;

    /// <summary>Pieces a reader may leave lying before its sequence sits out.</summary>
    [Range(1, 65_536)]
    public int OutputCapacity { get; set; } = 64;
}

/// <summary>How the key-value cache is divided.</summary>
public enum CacheKind
{
    Split,
    Unified,
}
