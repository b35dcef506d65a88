using System.Text.Json;

namespace Inference.Store.GoJson;

/// <summary>
/// A JSON value on its way into a Go value, by the rules of encoding/json: keys match whatever their case, the last one wins, null
/// changes nothing, and of several mismatches the first is told, when everything has been read.
/// </summary>
internal readonly record struct GoField
{
    private readonly GoMismatches _mismatches;
    private readonly string _struct;
    private readonly string _path;

    private GoField(JsonElement value, GoMismatches mismatches, string @struct, string path)
    {
        Value = value;
        _mismatches = mismatches;
        _struct = @struct;
        _path = path;
    }

    public JsonElement Value { get; }

    /// <summary>Reads a whole text.</summary>
    /// <exception cref="GoJsonException">It is not JSON, or not of the shape that <paramref name="read"/> asks for.</exception>
    public static T Read<T>(ReadOnlySpan<byte> text, Func<GoField, T> read)
    {
        var mismatches = new GoMismatches();
        var result = read(new GoField(GoJsonText.ReadFirst(text), mismatches, "", ""));
        return mismatches.First is { } first ? throw new GoJsonException(first) : result;
    }

    /// <summary>Calls <paramref name="set"/> for each member that is one of the tags, with the tag as it is spelled here.</summary>
    public void Fields(string goStruct, string goType, string[] tags, Action<string, GoField> set)
    {
        if (!Is(JsonValueKind.Object, goType))
        {
            return;
        }

        foreach (var member in Value.EnumerateObject())
        {
            var tag = Array.Find(tags, t => t == member.Name) ?? Array.Find(tags, t => t.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
            if (tag is not null && member.Value.ValueKind is not JsonValueKind.Null)
            {
                set(tag, new GoField(member.Value, _mismatches, goStruct, _path.Length == 0 ? tag : $"{_path}.{tag}"));
            }
        }
    }

    /// <summary>The elements; null for null and for what is not an array.</summary>
    public List<T>? Items<T>(string goType, Func<GoField, T> read)
    {
        if (!Is(JsonValueKind.Array, goType))
        {
            return null;
        }

        var items = new List<T>(Value.GetArrayLength());
        foreach (var item in Value.EnumerateArray())
        {
            items.Add(read(new GoField(item, _mismatches, _struct, _path)));
        }

        return items;
    }

    public List<string>? Texts() => Items("[]string", static item => item.Text());

    public string Text() => Is(JsonValueKind.String, "string") ? Value.GetString()! : "";

    public long Integer(string goType = "int")
    {
        if (!Is(JsonValueKind.Number, goType))
        {
            return 0;
        }

        // 1.0 and 1e3 are numbers, but not what strconv.ParseInt reads.
        var literal = Value.GetRawText();
        if (long.TryParse(literal, System.Globalization.NumberStyles.AllowLeadingSign, provider: null, out var number))
        {
            return number;
        }

        Mismatch($"number {literal}", goType);
        return 0;
    }

    /// <summary>Whether it is of this kind; if it is of another, that is a mismatch. Null is neither.</summary>
    public bool Is(JsonValueKind kind, string goType)
    {
        if (Value.ValueKind == kind)
        {
            return true;
        }

        if (Value.ValueKind is not JsonValueKind.Null)
        {
            Mismatch(Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "bool" : Value.ValueKind.ToString().ToLowerInvariant(), goType);
        }

        return false;
    }

    public void Mismatch(string value, string goType) => _mismatches.Add(_struct.Length == 0
        ? $"json: cannot unmarshal {value} into Go value of type {goType}"
        : $"json: cannot unmarshal {value} into Go struct field {_struct}.{_path} of type {goType}");
}

/// <summary>What did not fit, in the order of the text.</summary>
internal sealed class GoMismatches
{
    public string? First { get; private set; }

    public void Add(string text) => First ??= text;
}
