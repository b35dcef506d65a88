using System.Text.Json;
using Inference.ClientTests.Go;
using Inference.ClientTests.Python;
using Inference.TestKit.Provocations;

namespace Inference.ClientTests.Errors;

/// <summary>Runs provocations with the clients of this repository.</summary>
internal static class Languages
{
    public static IReadOnlyList<string> Names { get; } = GoPrograms.Folder is null ? ["csharp", "typescript", "python"] : ["csharp", "typescript", "python", "go"];

    public static async Task<IReadOnlyDictionary<string, CallEnd>> RunAsync(string language, IReadOnlyList<Provocation> batch, Func<Provocation, Uri> address, CancellationToken ct)
    {
        var lines = string.Concat(batch.Select(p => $"{p.ToLine(address(p))}\n"));
        return language switch
        {
            "typescript" => Ends(await NodePackages.Client.RunAsync(["test/provoke.mjs"], input: lines)),
            "python" => Ends(await PythonPackages.RunAsync(["tests/provoke.py"], input: lines)),
            "go" => Ends(await GoPrograms.RunAsync("provoke", [], input: lines)),
            _ => await CSharpAsync(batch, address, ct),
        };
    }

    private static async Task<IReadOnlyDictionary<string, CallEnd>> CSharpAsync(IReadOnlyList<Provocation> batch, Func<Provocation, Uri> address, CancellationToken ct)
    {
        var ends = new Dictionary<string, CallEnd>(StringComparer.Ordinal);
        foreach (var provocation in batch)
        {
            ends[provocation.Name] = await BareCalls.ClientAsync(provocation, address(provocation), ct);
        }

        return ends;
    }

    private static Dictionary<string, CallEnd> Ends(CommandEnd end)
    {
        Assert.True(end.ExitCode == 0, end.Errors);
        return end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonElement.Parse(line))
            .ToDictionary(static line => line.GetProperty("name").GetString()!, CallEnd.OfJson, StringComparer.Ordinal);
    }
}
