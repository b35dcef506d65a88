using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Inference.Errors;

namespace Inference.ContractTests.Law;

/// <summary>Whether what a route said stands in the catalogue's listing.</summary>
internal static partial class ListedWords
{
    /// <param name="listed">The entry.</param>
    /// <param name="facts">The variable parts, which the listing has in braces.</param>
    /// <param name="route">Who said it.</param>
    /// <param name="body">The body that it said, in any of the three shapes.</param>
    public static bool Have(ListedError listed, ErrorFacts facts, OllamaRoute route, string body)
    {
        var error = JsonNode.Parse(body)!["error"]!;
        var said = (string)(error is JsonObject ? error["message"] : error)!;
        return listed.Ollama.Any(t =>
            t.Dialect is "head"
            && (t.Routes.Count == 0 || t.Routes.Contains(route.ToString().ToLowerInvariant()))
            && Filled(t.Text, facts).IsMatch(said));
    }

    // Sizes are told in larger units.
    private static Regex Filled(string text, ErrorFacts facts)
    {
        var pattern = new StringBuilder("^");
        var at = 0;
        foreach (Match part in Part().Matches(text))
        {
            var key = part.Groups["key"].Value;
            pattern.Append(Regex.Escape(text[at..part.Index]));
            pattern.Append(key.EndsWith("_bytes", StringComparison.Ordinal) ? "([0-9]+|[0-9.]+ [GM]iB)" : Regex.Escape(facts[key]));
            at = part.Index + part.Length;
        }

        return new Regex($"{pattern}{Regex.Escape(text[at..])}$", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
    }

    [GeneratedRegex(@"\{(?<key>\w+)\}")]
    private static partial Regex Part();
}
