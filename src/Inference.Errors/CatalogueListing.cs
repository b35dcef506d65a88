using Grpc.Core;

namespace Inference.Errors;

/// <summary>The catalogue for people and programs: what each entry says to whom, its variable parts in braces.</summary>
public static class CatalogueListing
{
    /// <summary>All entries, by reason.</summary>
    public static IReadOnlyList<ListedError> Entries() => [.. Catalogue.All.OrderBy(static k => k.Reason, StringComparer.Ordinal).Select(Entry)];

    private static ListedError Entry(ErrorKind kind)
    {
        var facts = Placeholders(kind);
        return new ListedError(
            kind.Reason, SpelledOut(kind.Code), (int)kind.Code, kind.Http, kind.Rest, (long?)kind.RetryAfter?.TotalMilliseconds, kind.Keys, kind.MessageOf(facts),
            [.. kind.ToDetails(facts).Select(static d => d.Descriptor.Name)], [.. Texts(kind, facts)]);
    }

    private static ErrorFacts Placeholders(ErrorKind kind) => new(kind.Keys.ToDictionary(static k => k, static k => $"{{{k}}}"));

    // Texts of Ollama's routes, each with the routes that have it.
    private static IEnumerable<ListedText> Texts(ErrorKind kind, ErrorFacts facts)
    {
        foreach (var (condition, varied) in kind.Variants.Select(v => ($"{v.Key}={v.Value}", facts.With(v.Key, v.Value))).Prepend(("", facts)))
        {
            var said = Enum.GetValues<OllamaRoute>().GroupBy(r => kind.OllamaFormOf(varied, r)).ToList();
            foreach (var form in said)
            {
                string[] routes = said.Count == 1 ? [] : [.. form.Select(static r => r.ToString().ToLowerInvariant())];
                yield return new ListedText("head", condition, routes, form.Key.Status, form.Key.Text);
            }

            foreach (var started in (bool[])[false, true])
            {
                foreach (var form in Enum.GetValues<OllamaRoute>().GroupBy(r => DocumentedOf(kind, varied, r, started)).Where(static g => g.Key is not null))
                {
                    string[] routes = form.Count() == Enum.GetValues<OllamaRoute>().Length ? [] : [.. form.Select(static r => r.ToString().ToLowerInvariant())];
                    yield return new ListedText("documented", started ? "in a stream" : condition, routes, form.Key!.Value.Status, form.Key.Value.Text);
                }
            }
        }
    }

    // In a stream only where that makes a difference.
    private static OllamaForm? DocumentedOf(ErrorKind kind, ErrorFacts facts, OllamaRoute route, bool started)
    {
        var form = kind.Documented?.Invoke(facts, route, started);
        return started && form == kind.Documented?.Invoke(facts, route, false) ? null : form;
    }

    private static string SpelledOut(StatusCode code) => string.Concat(code.ToString().Select(static (c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}

/// <summary>One entry.</summary>
/// <param name="Reason">ErrorInfo.reason.</param>
/// <param name="Code">The gRPC code's name.</param>
/// <param name="GrpcStatus">The gRPC code.</param>
/// <param name="Http">The HTTP status of Ollama's routes, where <paramref name="Ollama"/> has no other.</param>
/// <param name="Rest">The HTTP status of transcoded calls.</param>
/// <param name="RetryAfterMs">RetryInfo in milliseconds; null where a retry cannot help.</param>
/// <param name="Metadata">The keys of ErrorInfo.metadata that are always present.</param>
/// <param name="Message">The message of the status.</param>
/// <param name="Details">The messages among the details, besides ErrorInfo.</param>
/// <param name="Ollama">The texts of Ollama's routes.</param>
public sealed record ListedError(
    string Reason, string Code, int GrpcStatus, int Http, int Rest, long? RetryAfterMs, IReadOnlyList<string> Metadata, string Message, IReadOnlyList<string> Details, IReadOnlyList<ListedText> Ollama);

/// <summary>What Ollama's routes say.</summary>
/// <param name="Dialect">head or documented.</param>
/// <param name="Condition">A fact that it depends on; empty for none.</param>
/// <param name="Routes">The routes; empty for all.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The text.</param>
public sealed record ListedText(string Dialect, string Condition, IReadOnlyList<string> Routes, int Status, string Text);
