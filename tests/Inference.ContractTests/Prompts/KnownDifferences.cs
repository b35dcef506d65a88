namespace Inference.ContractTests.Prompts;

/// <summary>The recordings that are not equal, each with the reason. One that is equal after all fails the test.</summary>
internal static class KnownDifferences
{
    public static readonly IReadOnlyDictionary<string, string> Rendering = new Dictionary<string, string>
    {
    };

    public static readonly IReadOnlyDictionary<string, string> Parsing = new Dictionary<string, string>
    {
    };

    /// <summary>Fails with every recording that differs and is not listed, and every one that is listed and does not.</summary>
    public static void Check(IReadOnlyDictionary<string, string> known, IEnumerable<(string Id, string Expected, string Actual)> results)
    {
        var wrong = new List<string>();
        foreach (var (id, expected, actual) in results)
        {
            if (expected != actual && !known.ContainsKey(id))
            {
                wrong.Add($"{id}{Environment.NewLine}  recorded: {expected}{Environment.NewLine}  ours:     {actual}");
            }
            else if (expected == actual && known.ContainsKey(id))
            {
                wrong.Add($"{id} is listed as different, and is not");
            }
        }

        House.Offences.None(wrong);
    }
}
