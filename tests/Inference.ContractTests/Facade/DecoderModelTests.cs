using System.Text;
using System.Text.Json;

namespace Inference.ContractTests.Facade;

/// <summary>
/// Every field of every request, with values of every kind, against a second reading of Go's decoder: what it says is wrong is said, and of
/// what it takes nothing is said that is a decoder's.
/// </summary>
public sealed class DecoderModelTests
{
    // Texts that are no name, no duration, no level and no base64; numbers that some sizes do not hold.
    private static readonly string[] Probes =
    [
        "\"a b\"", "\"\"", "1", "-1", "1.5", "1e1", "300", "99999999999999999999", "1e39", "1e999", "true", "false", "null", "{}", "[]",
        "[1]", "[\"a b\"]", "[true]", "[null]", "[[]]", "[[300]]", "[{}]", "[1e999]", "[\"a\",1,true]",
        "{\"k\":1}", "{\"k\":\"a b\"}", "{\"k\":[]}", "{\"k\":{}}", "{\"k\":null}", "{\"k\":1e999}",
    ];

    // How what a decoder says begins; nothing else is said in these words.
    private static readonly string[] Decoders =
        ["json: ", "Unsupported type: ", "time: ", "invalid think value", "think must be", "illegal base64", "Value looks like", "unexpected e", "input must be", "input[", "EOF", "missing request body"];

    public static TheoryData<string> Paths => [.. Requests.Select(static r => r.Path)];

    private static IEnumerable<(string Path, GoType.Struct Type)> Requests => NativeRequests.All.Concat(CompatRequests.All);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Decode_EveryField_EveryKind(string path)
    {
        var type = Requests.Single(r => r.Path == path).Type;
        await CheckAsync(path, type, [.. Places(type, []).SelectMany(static place => Probes.Select(place))]);
    }

    // Of several wrong values the first is told, or that which a type refused by itself; keys are found whatever their capitals, and more than once.
    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Decode_SeveralFields_SeveralKinds(string path)
    {
        var type = Requests.Single(r => r.Path == path).Type;
        var random = new Random(20_260_821);
        var places = Places(type, []).Skip(1).ToList();
        await CheckAsync(path, type, [.. Enumerable.Range(0, 400).Select(_ => Several(random, type, places))]);
    }

    // The model is no use where it says nothing, or always the same.
    [Fact]
    public void Model_FindsMostOfTheFaults()
    {
        var told = Requests.SelectMany(static r => Places(r.Type, []).SelectMany(static place => Probes.Select(place)).Select(body => Predicted(r.Type, body))).ToList();
        Assert.InRange(told.Count, 10_000, 40_000);
        Assert.InRange(told.Count(static t => t is null), told.Count / 10, told.Count / 2);
        Assert.InRange(told.Distinct().Count(), 700, told.Count);
    }

    private static string Several(Random random, GoType.Struct type, List<Func<string, string>> places)
    {
        var members = Enumerable.Range(0, random.Next(2, 5)).Select(_ => places[random.Next(places.Count)](Probes[random.Next(Probes.Length)])[1..^1]);
        var body = string.Join(',', members.Select(m => m.StartsWith(type.Always, StringComparison.Ordinal) ? m[type.Always.Length..].TrimStart(',') : m).Where(static m => m.Length > 0)
            .Select(m => random.Next(4) == 0 ? Shouted(m) : m).Prepend(type.Always));
        return $"{{{body}}}";
    }

    // Its first key in capitals; those of Go's tags have none.
    private static string Shouted(string member) => member[..member.IndexOf(':', StringComparison.Ordinal)].ToUpperInvariant() + member[member.IndexOf(':', StringComparison.Ordinal)..];

    /// <summary>Every place in a type where a value can stand, as what has to be around it.</summary>
    private static IEnumerable<Func<string, string>> Places(GoType type, IReadOnlyList<string> around)
    {
        yield return static v => v;
        // A property in a property in a property tells nothing new.
        if (around.Count(n => n.Length > 0 && n == type.Name) > 1)
        {
            yield break;
        }

        string[] deeper = [.. around, type.Name];
        var inside = type switch
        {
            GoType.Struct shape => shape.Fields().SelectMany(f => Places(f.Type, deeper).Select(place => Member(shape.Always, f.Name, place))),
            GoType.List list => Places(list.Item, deeper).Select(static place => (Func<string, string>)(v => $"[{place(v)}]")),
            GoType.Map map => Places(map.Item, deeper).Select(static place => (Func<string, string>)(v => $$"""{"k":{{place(v)}}}""")),
            GoType.Own own => own.Inside.SelectMany(i => Places(i.Type, deeper).Select(place => (Func<string, string>)(v => i.Around(place(v))))),
            _ => [],
        };
        foreach (var place in inside)
        {
            yield return place;
        }
    }

    private static Func<string, string> Member(string always, string name, Func<string, string> place) => v => $$"""{{{always}}{{(always.Length > 0 ? "," : "")}}"{{name}}":{{place(v)}}}""";

    private static string? Predicted(GoType type, string body)
    {
        using var json = JsonDocument.Parse(body);
        return DecoderModel.Unmarshal(type, json.RootElement)?.ToString();
    }

    private static async Task CheckAsync(string path, GoType type, IReadOnlyList<string> bodies)
    {
        await using var host = await OllamaHost.EmptyAsync();
        var differences = new List<string>();
        foreach (var body in bodies)
        {
            using var request = new HttpRequestMessage(path is "/api/delete" ? HttpMethod.Delete : HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8) };
            using var answer = await host.Server.Http.SendAsync(request, Ct);
            var (status, text) = ((int)answer.StatusCode, Told(await answer.Content.ReadAsStringAsync(Ct)));
            var predicted = Predicted(type, body);
            if (predicted is null ? status >= 501 || Array.Exists(Decoders, d => text.StartsWith(d, StringComparison.Ordinal)) : (status, text) != (400, predicted))
            {
                differences.Add($"{body}\n   {status} {text}\n   instead of {predicted ?? "nothing of a decoder's"}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {bodies.Count} differ:\n{string.Join('\n', differences.Take(40))}");
    }

    // The first line is enough: a decoder speaks before anything else does.
    private static string Told(string body)
    {
        using var json = JsonDocument.Parse(body.Split('\n')[0] is { Length: > 0 } line ? line : "{}");
        return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error)
            ? (error.ValueKind is JsonValueKind.Object ? error.GetProperty("message") : error).GetString()!
            : "";
    }
}
