using Inference.Llama;
using Inference.Runtime;
using Inference.Server.Engine;
using Inference.Server.Options;
using Inference.Server.Ports;
using Inference.Services;
using Inference.Store;
using Inference.V1;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;

namespace Inference.Server.Start;

/// <summary>What a person sees who starts the server: what it is, where it is, what it has, and what to try.</summary>
internal sealed class StartReport(IServiceProvider services, TextWriter output)
{
    private const int NamesShown = 8;

    private readonly string _store = services.GetRequiredService<IOptions<StoreOptions>>().Value.Root;

    /// <summary>As soon as the port is open.</summary>
    public void Listening()
    {
        output.WriteLine(Product.Name);
        var doors = services.GetRequiredService<IOptions<ServerOptions>>().Value switch
        {
            { TlsCertificate: null } => "cleartext",
            { TlsOnly: true } => "TLS only",
            _ => "TLS and cleartext",
        };
        foreach (var address in services.GetRequiredService<IServer>().BoundAddresses())
        {
            output.WriteLine($"listening on {address} for gRPC, gRPC-Web, REST (/inference/v1) and Ollama (/api), {doors}");
        }

        var names = ModelNames.InStore(_store);
        output.WriteLine(names.Count == 0
            ? $"models: the store {_store} has none, so there is only \"toy\", a tiny demonstration model: enough to try the server, no use for answers"
            : $"models in {_store}: {string.Join(", ", names.Take(NamesShown))}{(names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "")}");
        output.Flush();
    }

    /// <summary>As soon as llama.cpp is loaded.</summary>
    public void Engine()
    {
        var choice = services.GetRequiredService<EngineStart>().Choice!;
        var runtime = services.GetRequiredService<IOptions<RuntimeOptions>>().Value;
        var gpus = LlamaLibrary.Devices().Where(static d => d.IsAccelerator).Select(static d => $"{d.Name} {d.Description} ({d.TotalBytes >> 30} GiB)").ToArray();
        var threads = runtime.Threads > 0 ? runtime.Threads : Math.Max(1, Environment.ProcessorCount - 1);
        output.WriteLine($"engine: {LlamaLibrary.Version}; CPU build {LlamaLibrary.Variant}, {choice.Reason}; {threads} of {Environment.ProcessorCount} cores; GPU: {(gpus.Length == 0 ? "none" : string.Join(", ", gpus))}");
        Examples();
        output.Flush();
    }

    private void Examples()
    {
        var address = services.GetRequiredService<IServer>().BoundAddresses()[0].Replace("[::]", "127.0.0.1", StringComparison.Ordinal);
        var model = services.GetRequiredService<Models>().List(new()).Models.FirstOrDefault(static m => m.Capabilities.Contains(Capability.Completion))?.Name;
        if (model is null)
        {
            return; // what there is does not talk
        }

        output.WriteLine("try it:");
        output.WriteLine($$$"""  curl {{{address}}}/api/chat -d '{"model":"{{{model}}}","messages":[{"role":"user","content":"Why is the sky blue?"}]}'""");
        output.WriteLine($$$"""  grpcurl -plaintext -d '{"model":"{{{model}}}","messages":[{"role":"ROLE_USER","content":[{"text":"Why is the sky blue?"}]}]}' {{{new Uri(address).Authority}}} inference.v1.InferenceService/Chat""");
        output.WriteLine($$$"""  buf curl --http2-prior-knowledge --protocol grpc -d '{"model":"{{{model}}}","messages":[{"role":"ROLE_USER","content":[{"text":"Why is the sky blue?"}]}]}' {{{address}}}/inference.v1.InferenceService/Chat""");
    }
}
