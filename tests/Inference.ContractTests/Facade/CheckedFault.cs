using System.Text.Json.Nodes;

namespace Inference.ContractTests.Facade;

/// <summary>One thing that a route finds wrong with a request, or that ends it well, and what is said of it.</summary>
/// <param name="Id">What it is, in words.</param>
/// <param name="Members">What makes a body so: an object whose members take the place of those that are in order.</param>
/// <param name="Status">The status.</param>
/// <param name="Text">The text, in which <c>{model}</c> is the model as the body spells it; for a status of 200 a part of the answer.</param>
internal sealed record CheckedFault(string Id, string Members, int Status, string Text)
{
    /// <summary>Who says it; null for whoever usually does on this route.</summary>
    public ErrorWriter? Writer { get; init; }

    /// <summary>What comes last in the body, and is no JSON.</summary>
    public string Tail { get; init; } = "";

    public static CheckedFault NotJson => new("not-json", "{}", 400, "invalid character '}' in literal true (expecting 'e')") { Tail = ",\"zz\":tru" };

    private JsonObject Object => JsonNode.Parse(Members)!.AsObject();

    /// <summary>All pairs of these faults that one body can have, as what is said of the body: of the earlier in the list.</summary>
    /// <param name="path">The route.</param>
    /// <param name="inOrder">A body with nothing wrong.</param>
    /// <param name="faults">In the order in which they are looked for.</param>
    public static IEnumerable<ObservedText> Pairs(string path, string inOrder, IReadOnlyList<CheckedFault> faults)
    {
        for (var first = 0; first < faults.Count; first++)
        {
            for (var second = first + 1; second < faults.Count; second++)
            {
                if (faults[first].WithToo(faults[second], path, inOrder) is { } pair)
                {
                    yield return pair;
                }
            }
        }
    }

    // Null where it cannot be told which of them was found, or both want the same member.
    private ObservedText? WithToo(CheckedFault later, string path, string inOrder)
    {
        var (mine, other) = (Object, later.Object);
        if ((Text, Status, Writer) == (later.Text, later.Status, later.Writer) || mine.Any(m => other.ContainsKey(m.Key)))
        {
            return null;
        }

        var body = JsonNode.Parse(inOrder)!.AsObject();
        foreach (var (key, value) in mine.Concat(other))
        {
            body[key] = value?.DeepClone();
        }

        var model = body["model"] is JsonValue named && named.TryGetValue<string>(out var name) ? name : "";
        var json = body.ToJsonString();
        var pair = new ObservedText($"{Id} before {later.Id}", path, json[..^1] + Tail + later.Tail + "}", Status, Text.Replace("{model}", model, StringComparison.Ordinal));
        return Writer is { } writer ? pair with { Writer = writer } : pair;
    }
}
