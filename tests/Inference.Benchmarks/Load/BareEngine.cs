using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Inference.Llama;
using Inference.Runtime;
using Inference.Runtime.Loading;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inference.Benchmarks.Load;

/// <summary>The engine without a door, in a process of its own: what there is to reach. Reads "streams tokens", answers "elapsed first...", in microseconds.</summary>
internal static class BareEngine
{
    public static Command CreateCommand()
    {
        var path = new Argument<string>("model") { Description = "A GGUF file." };
        var parallel = new Option<int>("--parallel") { DefaultValueFactory = _ => 32, Description = "Sequences at once." };
        var command = new Command("engine", "The bare engine, driven through standard input. Part of load.") { path, parallel };
        command.Hidden = true;
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(path)!, parsed.GetValue(parallel), ct));
        return command;
    }

    private static async Task RunAsync(string path, int parallel, CancellationToken ct)
    {
        LlamaLibrary.Configure(CpuVariant.Avx2);
        var options = new RuntimeOptions { NumParallel = parallel };
        await using var loader = new Loader(options, LlamaEngines.Create(options), TimeProvider.System, NullLogger<Loader>.Instance);
        var spec = new LoadSpec { Model = EndlessModel.Name, Path = path, Facts = new ModelFacts("llama", TrainedContext: 1024, CacheBytesPerToken: 2560, new FileInfo(path).Length, Embeds: false, Sees: false) };
        using var lease = await loader.AcquireAsync(spec, reload: true, keepAlive: Timeout.InfiniteTimeSpan, progress: null, ct);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync(ct) is { Length: > 0 } line)
        {
            var asked = line.Split(' ').Select(static n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            var started = Stopwatch.GetTimestamp();
            var first = await Task.WhenAll(Enumerable.Range(0, asked[0]).Select(i => StreamAsync(lease.Engine, i, asked[1], ct)));
            var elapsed = Stopwatch.GetElapsedTime(started);
            Console.WriteLine(string.Join(' ', first.Prepend(elapsed).Select(static t => (long)t.TotalMicroseconds)));
        }
    }

    private static async Task<TimeSpan> StreamAsync(IEngine engine, int stream, int tokens, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var output = engine.Submit(
            new GenerationSpec
            {
                Prompt = engine.Tokenize(Ask.Prompt(stream), addSpecial: true, parseSpecial: true),
                MaxTokens = tokens,
                Sampling = new SamplingParameters { Temperature = Ask.Temperature, TopK = Ask.TopK, TopP = Ask.TopP, Seed = (uint)stream },
            },
            ct);
        TimeSpan? first = null;
        await foreach (var _ in output.Pieces.ReadAllAsync(ct))
        {
            first ??= Stopwatch.GetElapsedTime(started);
        }

        return output.Result is { GeneratedTokens: var made } && made == tokens ? first!.Value : throw new InvalidOperationException($"{output.Result?.GeneratedTokens} tokens, not {tokens}: {output.Result?.Reason}");
    }
}
