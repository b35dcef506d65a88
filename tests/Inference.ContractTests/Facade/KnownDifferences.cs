using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>Recorded cases that are answered otherwise here. The file beside this one has the id and the reason of each.</summary>
internal static class KnownDifferences
{
    public static HashSet<string> Read() =>
    [
        .. File.ReadLines(Path.Combine(Places.Root, "tests/Inference.ContractTests/Facade/KnownDifferences.txt"))
            .Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split(' ', 2)[0]),
    ];
}
