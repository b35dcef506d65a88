namespace Inference.ClientTests.Errors;

/// <summary>Runs provocations with the clients of this repository.</summary>
internal static class Languages
{
    public static IReadOnlyList<string> Names { get; } = ["csharp"];

    public static async Task<IReadOnlyDictionary<string, CallEnd>> RunAsync(string language, IReadOnlyList<Provocation> batch, Func<Provocation, Uri> address, CancellationToken ct)
    {
        var ends = new Dictionary<string, CallEnd>(StringComparer.Ordinal);
        foreach (var provocation in batch)
        {
            ends[provocation.Name] = await BareCalls.ClientAsync(provocation, address(provocation), ct);
        }

        return ends;
    }
}
