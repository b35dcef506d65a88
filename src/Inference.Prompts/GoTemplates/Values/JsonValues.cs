using System.Runtime.InteropServices;
using System.Text.Json;

namespace Inference.Prompts.GoTemplates.Values;

/// <summary>JSON as Go decodes it into <c>any</c>: numbers are floats, objects are maps, the last of equal keys wins.</summary>
internal static class JsonValues
{
    /// <summary>Deeper than .NET's 64; Go goes to 10 000.</summary>
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    public static GoValue? Any(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => GoMap.Sorted(GoTypes.AnyMap, Members(json)),
        JsonValueKind.Array => new GoSlice(GoTypes.AnySlice, [.. json.EnumerateArray().Select(Any)]),
        JsonValueKind.String => new GoString(Text(json)),
        JsonValueKind.Number => new GoFloat(json.GetDouble()),
        JsonValueKind.True => new GoBool(true),
        JsonValueKind.False => new GoBool(false),
        _ => null,
    };

    public static IEnumerable<KeyValuePair<string, GoValue?>> Members(JsonElement json)
    {
        var members = new Dictionary<string, GoValue?>();
        foreach (var member in json.EnumerateObject())
        {
            members[Name(member)] = Any(member.Value);
        }

        return members;
    }

    public static string Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return Unescape(JsonMarshal.GetRawUtf8PropertyName(member));
        }
    }

    public static string Text(JsonElement json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(JsonMarshal.GetRawUtf8Value(json)[1..^1]);
        }
    }

    // System.Text.Json refuses half a surrogate pair; Go makes it U+FFFD.
    private static string Unescape(ReadOnlySpan<byte> raw) => new GoJson.GoText(raw.ToArray(), Escaped: true).ToString();
}
