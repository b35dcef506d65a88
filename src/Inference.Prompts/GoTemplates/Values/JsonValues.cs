using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
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
            return Unescape(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member)));
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
            return Unescape(json.GetRawText()[1..^1]);
        }
    }

    // System.Text.Json refuses half a surrogate pair; Go makes it U+FFFD.
    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            var escape = raw[++i];
            text.Append(escape switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                _ => escape,
            });
            i += escape == 'u' ? 4 : 0;
        }

        return string.Concat(text.ToString().EnumerateRunes().Select(static r => r.ToString()));
    }
}
