using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using Inference.TestKit;

namespace Inference.Benchmarks.Load;

/// <summary>What refusing costs: errors a second beside an answer that costs nothing, and what floods of them do to a running generation.</summary>
internal static class ErrorsCommand
{
    private const string Version = "/api/version";
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 9, Description = "Rounds; every round runs each kind once, in turns." };
        var connections = new Option<int>("--connections") { DefaultValueFactory = _ => 8, Description = "Connections that send at once." };
        var rate = new Option<int>("--rate") { DefaultValueFactory = _ => 2_000, Description = "Requests a second of the floods beside a generation." };
        var command = new Command("errors", "Errors a second beside /api/version, and tokens a second of a generation beside floods of either.") { rounds, connections, rate };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(rounds), parsed.GetValue(connections), parsed.GetValue(rate), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static async Task RunAsync(int rounds, int connections, int rate, TextWriter output)
    {
        using var model = new EndlessModel();
        await using var server = ServerProcess.Start(["--host", "127.0.0.1:0", "--models", model.Root, "--parallel", "4", "--cpu-variant", "avx2", "--keep-alive", "-1"]);
        var address = await server.AddressAsync(CancellationToken.None);
        var floods = Floods(address);
        await output.WriteLineAsync($"{Environment.ProcessorCount} cores for client and server, {connections} connections, median of {rounds} interleaved rounds (smallest to largest)");
        await RatesAsync(floods, rounds, connections, output);
        await BesideGenerationAsync(address, floods, rounds, connections, rate, output);
    }

    private static Dictionary<string, ErrorFlood> Floods(Uri address) => new()
    {
        [Version] = ErrorFlood.Of(address, $"GET {Version}", body: null, "200"),
        ["404 page"] = ErrorFlood.Of(address, "GET /nope", body: null, "404"),
        ["400 not JSON"] = ErrorFlood.Of(address, "POST /api/generate", "{\"model\":", "400"),
        ["400 mistyped"] = ErrorFlood.Of(address, "POST /api/chat", """{"model":"nope","messages":[{"role":"user","content":5}]}""", "400"),
        ["404 no model"] = ErrorFlood.Of(address, "POST /api/generate", """{"model":"nope","prompt":"Hi"}""", "404"),
    };

    private static async Task RatesAsync(Dictionary<string, ErrorFlood> floods, int rounds, int connections, TextWriter output)
    {
        var rates = floods.Keys.ToDictionary(static k => k, static _ => new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (name, flood) in Turned(floods, round))
            {
                using var stop = new CancellationTokenSource(Slice);
                var started = Stopwatch.GetTimestamp();
                var answered = await flood.RunAsync(connections, perSecond: 0, stop.Token);
                if (round >= 0)
                {
                    rates[name].Add(answered / Stopwatch.GetElapsedTime(started).TotalSeconds);
                }
            }
        }

        await output.WriteLineAsync($"\n| | a second | of {Version} |\n|---|--:|--:|");
        foreach (var (name, rate) in rates)
        {
            await output.WriteLineAsync(FormattableString.Invariant($"| {name} | {Median.Of(rate):0} | {Ratios(rate, rates[Version])} |"));
        }
    }

    private static async Task BesideGenerationAsync(Uri address, Dictionary<string, ErrorFlood> floods, int rounds, int connections, int rate, TextWriter output)
    {
        const string Alone = "alone";
        var kinds = floods.Keys.Prepend(Alone).ToDictionary(static k => k, static _ => new List<double>());
        await using var door = new HttpDoor("Ollama", new Uri(address, "/api/generate"), Field.OllamaBody, "\"eval_count\":", processId: 0);
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (name, tokens) in Turned(kinds, round))
            {
                using var stop = new CancellationTokenSource();
                var flooding = floods.TryGetValue(name, out var flood) ? flood.RunAsync(connections, rate, stop.Token) : Task.FromResult(0);
                var run = await door.RunAsync(streams: 4, tokens: 400);
                await stop.CancelAsync();
                await flooding;
                if (round >= 0)
                {
                    tokens.Add(4 * 400 / run.Elapsed.TotalSeconds);
                }
            }
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\n| beside {rate} requests a second | tokens a second | of alone | of {Version} |\n|---|--:|--:|--:|"));
        foreach (var (name, tokens) in kinds)
        {
            await output.WriteLineAsync(FormattableString.Invariant($"| {name} | {Median.Of(tokens):0} | {Ratios(tokens, kinds[Alone])} | {Ratios(tokens, kinds[Version])} |"));
        }
    }

    private static IEnumerable<KeyValuePair<string, T>> Turned<T>(Dictionary<string, T> all, int round) =>
        all.Skip(Math.Max(round, 0) % all.Count).Concat(all.Take(Math.Max(round, 0) % all.Count));

    private static string Ratios(List<double> values, List<double> baseline)
    {
        var ratios = values.Zip(baseline, static (v, b) => v / b).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{Median.Of(ratios):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})");
    }
}
