using System.Globalization;
using System.Text.Json;

namespace Inference.ContractTests.Facade;

/// <summary>What Go's decoder says is wrong: a value of the wrong kind, with its place, or other words.</summary>
internal sealed record DecoderWords(string Value, string Type)
{
    public string Struct { get; init; } = "";

    public string Field { get; init; } = "";

    public string? Words { get; init; }

    public static DecoderWords Of(string words) => new("", "") { Words = words };

    public override string ToString() => Words
        ?? (Struct.Length > 0 || Field.Length > 0
            ? $"json: cannot unmarshal {Value} into Go struct field {Struct}.{Field} of type {Type}"
            : $"json: cannot unmarshal {Value} into Go value of type {Type}");
}

/// <summary>
/// A second reading of encoding/json (decode.go, v1), over a text that is JSON for certain: of all wrong values the first is told, unless a
/// type that decodes itself refuses its value: that ends everything and is told instead.
/// </summary>
internal sealed class DecoderModel
{
    private readonly List<string> _path = [];
    private string _struct = "";
    private DecoderWords? _first;

    /// <returns>What is wrong; null for nothing.</returns>
    public static DecoderWords? Unmarshal(GoType type, JsonElement value)
    {
        var decoder = new DecoderModel();
        return decoder.Read(type, value) is { } refused ? decoder.Placed(refused) : decoder._first;
    }

    // What ends the decoding; null where it goes on.
    private DecoderWords? Read(GoType type, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null && type is not GoType.Own { OfNull: true })
        {
            return null;
        }

        switch (type)
        {
            case GoType.Own own:
                return own.Decode(value);
            case GoType.Raw:
                return null;
            case GoType.Any:
                ReadAny(value);
                return null;
            case GoType.Struct shape when value.ValueKind is JsonValueKind.Object:
                return ReadStruct(shape, value);
            case GoType.Map map when value.ValueKind is JsonValueKind.Object:
                return value.EnumerateObject().Select(m => Read(map.Item, m.Value)).FirstOrDefault(static e => e is not null);
            case GoType.Bytes when value.ValueKind is JsonValueKind.String:
                ReadBase64(value.GetString()!);
                return null;
            case GoType.List list when value.ValueKind is JsonValueKind.Array:
                return value.EnumerateArray().Select(e => Read(list.Item, e)).FirstOrDefault(static e => e is not null);
            default:
                ReadScalar(type, value);
                return null;
        }
    }

    private DecoderWords? ReadStruct(GoType.Struct shape, JsonElement value)
    {
        var outer = _struct;
        foreach (var member in value.EnumerateObject())
        {
            var fields = shape.Fields();
            var at = Array.FindIndex(fields, f => f.Name == member.Name);
            at = at >= 0 ? at : Array.FindIndex(fields, f => f.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
            {
                continue;
            }

            _struct = shape.Short;
            _path.Add(fields[at].Name);
            if (Read(fields[at].Type, member.Value) is { } refused)
            {
                return refused; // with the place where it was
            }

            _path.RemoveAt(_path.Count - 1);
            _struct = outer;
        }

        return null;
    }

    private void ReadAny(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when !double.IsFinite(double.Parse(value.GetRawText(), CultureInfo.InvariantCulture)):
                Save(new DecoderWords($"number {value.GetRawText()}", "float64"));
                break;
            case JsonValueKind.Array:
                value.EnumerateArray().ToList().ForEach(ReadAny);
                break;
            case JsonValueKind.Object:
                value.EnumerateObject().ToList().ForEach(m => ReadAny(m.Value));
                break;
        }
    }

    private void ReadScalar(GoType type, JsonElement value)
    {
        var literal = value.GetRawText();
        switch (type, value.ValueKind)
        {
            case (GoType.Text, JsonValueKind.String) or (GoType.Truth, JsonValueKind.True or JsonValueKind.False):
                break;
            case (GoType.Number number, JsonValueKind.Number):
                if (!number.Holds(literal))
                {
                    Save(new DecoderWords($"number {literal}", type.Name));
                }

                break;
            default:
                Save(new DecoderWords(KindOf(value), type.Name));
                break;
        }
    }

    // The probes are short: what is not of the alphabet, or how far the last whole group goes.
    private void ReadBase64(string text)
    {
        var wrong = text.ToList().FindIndex(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/'));
        if (wrong >= 0 || text.Length % 4 > 0)
        {
            Save(DecoderWords.Of($"illegal base64 data at input byte {(wrong >= 0 ? wrong : text.Length - text.Length % 4)}"));
        }
    }

    private void Save(DecoderWords words) => _first ??= Placed(words);

    private DecoderWords Placed(DecoderWords words) => words.Words is not null || _path.Count == 0
        ? words
        : words with { Struct = _struct, Field = string.Join('.', words.Field.Length > 0 ? _path.Append(words.Field) : _path) };

    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
