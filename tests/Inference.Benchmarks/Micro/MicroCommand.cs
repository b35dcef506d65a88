using System.CommandLine;

namespace Inference.Benchmarks.Micro;

/// <summary>Small things done very often.</summary>
internal static class MicroCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 31, Description = "Rounds of each pair." };
        var command = new Command("micro", "JSON by Go's rules against System.Text.Json, pairwise.") { rounds };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(rounds), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static async Task RunAsync(int rounds, TextWriter output)
    {
        await output.WriteLineAsync("| | ours | System.Text.Json | ratio | smallest to largest | bytes allocated, ours | theirs |");
        await output.WriteLineAsync("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var pair in JsonPairs.All)
        {
            var r = RatioRunner.Run(pair, rounds);
            await output.WriteLineAsync(FormattableString.Invariant(
                $"| {r.Name} | {r.OursNs:0} ns | {r.TheirsNs:0} ns | {r.Ratio:0.00} | {r.Smallest:0.00} to {r.Largest:0.00} | {r.OursBytes} | {r.TheirsBytes} |"));
        }
    }
}
