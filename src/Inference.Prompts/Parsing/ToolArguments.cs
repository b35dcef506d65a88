using System.Text;
using System.Text.Json;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.Parsing;

/// <summary>Finds a call's arguments in the JSON object that a model wrote.</summary>
internal static class ToolArguments
{
    private static readonly JsonDocumentOptions s_options = JsonValues.Options;

    /// <returns>The text itself, or null if it is no JSON.</returns>
    public static string? ValidObject(string text)
    {
        try
        {
            JsonDocument.Parse(text, s_options).Dispose();
            return text;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="json">An object.</param>
    /// <param name="tool">The name of the tool.</param>
    /// <returns>JSON of an object, without white space; null where the object has a name and nothing to call it with.</returns>
    public static string? Of(string json, string tool)
    {
        using var document = JsonDocument.Parse(json, s_options);
        return Find(document.RootElement, tool, out var arguments) ? arguments : Compact(json);
    }

    // Found may mean: found that there are none.
    private static bool Find(JsonElement value, string tool, out string? arguments)
    {
        arguments = null;
        if (value.TryGetProperty("name", out _))
        {
            arguments = ObjectAt(value, "arguments") ?? ObjectAt(value, "parameters");
            return true;
        }

        arguments = ObjectAt(value, tool);
        if (arguments is not null)
        {
            return true;
        }

        foreach (var member in value.EnumerateObject())
        {
            var candidates = member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray() : Enumerable.Repeat(member.Value, 1);
            foreach (var candidate in candidates)
            {
                if (candidate.ValueKind == JsonValueKind.Object && Find(candidate, tool, out arguments))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Models write the object, or its text in a string.
    private static string? ObjectAt(JsonElement value, string name)
    {
        if (!value.TryGetProperty(name, out var found))
        {
            return null;
        }

        if (found.ValueKind == JsonValueKind.Object)
        {
            return Compact(found.GetRawText());
        }

        return found.ValueKind == JsonValueKind.String && TextOf(found) is { } text && text.AsSpan().TrimStart().StartsWith("{") && ValidObject(text) is not null
            ? Compact(text)
            : null;
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no text.
            return null;
        }
    }

    // White space goes; keys and numbers stay as they were written.
    private static string Compact(string json)
    {
        var compact = new StringBuilder(json.Length);
        var (inString, escaped) = (false, false);
        foreach (var c in json)
        {
            if (!inString && c is (' ' or '\t' or '\r' or '\n'))
            {
                continue;
            }

            compact.Append(c);
            inString ^= c == '"' && !escaped;
            escaped = inString && c == '\\' && !escaped;
        }

        return compact.ToString();
    }
}
