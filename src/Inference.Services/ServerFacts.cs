using Google.Protobuf.WellKnownTypes;
using Inference.Llama;
using Inference.Runtime;
using Inference.Runtime.Loading;
using Inference.Services.Calls;
using Inference.V1;
using Microsoft.Extensions.Options;
using DeviceKind = Inference.V1.DeviceKind;

namespace Inference.Services;

/// <summary>GetServerInfo: the code that all doors share.</summary>
public sealed class ServerFacts(
    Loader loader, Drain drain, IOptions<RuntimeOptions> runtime, IOptions<ServiceOptions> services, TimeProvider time)
{
    // LLamaSharp's and the runtime's way of saying "Ollama's default without accelerators".
    private const int DefaultLoadedModels = 3;

    /// <summary>What this build has. The rest of the enumeration is FEATURE_UNSUPPORTED.</summary>
    private static readonly ServerFeature[] Features = [ServerFeature.Gbnf, ServerFeature.Registry, ServerFeature.StoreChanges];

    private readonly Timestamp _start = Timestamp.FromDateTimeOffset(time.GetUtcNow());

    /// <summary><c>major.minor.patch</c>.</summary>
    public static string Version { get; } = typeof(ServerFacts).Assembly.GetName().Version!.ToString(3);

    public GetServerInfoResponse Describe()
    {
        var running = loader.Running;
        var response = new GetServerInfoResponse
        {
            Version = Version,
            StartTime = _start,
            State = drain.IsStopping ? ServerState.Draining : ServerState.Serving,
            Features = { Features },
            Limits = new ServerLimits
            {
                MaxRequestBytes = services.Value.MaxRequestBytes,
                MaxQueue = runtime.Value.MaxQueue,
                MaxLoadedModels = runtime.Value.MaxLoadedModels > 0 ? runtime.Value.MaxLoadedModels : DefaultLoadedModels,
                DefaultNumParallel = runtime.Value.NumParallel,
            },
            Load = Load(running),
        };
        AddEngine(response);
        return response;
    }

    private static ServerLoad Load(IReadOnlyList<Runtime.Loading.RunningModel> running)
    {
        var cells = running.Sum(static r => (long)r.Load.CellsTotal);
        return new ServerLoad
        {
            QueuedRequests = running.Sum(static r => r.Load.Queued),
            ActiveRequests = running.Sum(static r => r.Load.Active),
            Slots = running.Sum(static r => r.Facts?.Slots ?? 0),
            KvCacheUsage = cells == 0 ? 0 : (float)running.Sum(static r => (long)r.Load.CellsUsed) / cells,
        };
    }

    private static void AddEngine(GetServerInfoResponse response)
    {
        try
        {
            response.EngineVersion = LlamaLibrary.Version;
            response.Devices.AddRange(LlamaLibrary.Devices().OrderBy(static d => !d.IsAccelerator).Select(ToContract));
        }
        catch (LlamaException)
        {
            // llama.cpp does not run here: nothing can be computed on anything, and every call that tries says why.
        }
    }

    private static Device ToContract(LlamaDevice device) => new()
    {
        Name = device.Name,
        Description = device.Description,
        Kind = device.Kind switch
        {
            Llama.DeviceKind.Cpu => DeviceKind.Cpu,
            Llama.DeviceKind.Gpu => DeviceKind.Gpu,
            Llama.DeviceKind.IntegratedGpu => DeviceKind.IntegratedGpu,
            _ => DeviceKind.Accelerator,
        },
        TotalBytes = device.TotalBytes,
        FreeBytes = device.Kind is Llama.DeviceKind.Cpu ? FreeMemory.OfHost() : device.FreeBytes, // ggml tells the total twice
    };
}
