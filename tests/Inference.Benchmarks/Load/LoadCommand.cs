using System.CommandLine;

namespace Inference.Benchmarks.Load;

/// <summary>What the doors cost: the same streams through each of them, beside the bare engine.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var streams = new Option<int[]>("--streams") { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 8, 32], Description = "Streams at once; several numbers are several tables." };
        var tokens = new Option<int>("--tokens") { DefaultValueFactory = _ => 256, Description = "Tokens of each stream; prompt and answer share a context of 1024." };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 7, Description = "Rounds; every round runs each door once, in turns." };
        var command = new Command("load", "Tokens a second, CPU and first-token latency of gRPC, transcoded REST and Ollama, as ratios to the bare engine.") { streams, tokens, rounds };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(streams)!, parsed.GetValue(tokens), parsed.GetValue(rounds), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static async Task RunAsync(int[] streams, int tokens, int rounds, TextWriter output)
    {
        using var model = new EndlessModel();
        await using var field = await Field.StartAsync(model, Math.Max(32, streams.Max()));
        await output.WriteLineAsync($"{Environment.ProcessorCount} cores, {tokens} tokens a stream, median of {rounds} interleaved rounds (smallest to largest), embedded model");
        foreach (var count in streams)
        {
            var table = new RatioTable(field.Doors[0].Name);
            await field.RunAsync(count, tokens); // warm
            for (var round = 0; round < rounds; round++)
            {
                table.Add(await field.RunAsync(count, tokens, firstDoor: round));
            }

            await output.WriteLineAsync();
            await output.WriteLineAsync(table.ToMarkdown($"{count} {(count == 1 ? "stream" : "streams")}"));
        }
    }
}
