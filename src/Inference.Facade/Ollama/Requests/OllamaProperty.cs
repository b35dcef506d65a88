using Inference.GoJson;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A property in a tool's schema (api.ToolProperty).</summary>
internal sealed class OllamaProperty
{
    private static readonly GoStruct<OllamaProperty> Shape = new("ToolProperty", "api.ToolProperty",
    [
        ("anyOf", static (r, p) => r.List(p._anyOf, "[]api.ToolProperty", static () => new OllamaProperty(), Read)),
        ("type", static (r, p) => p.ReadType(r)),
        ("items", static (r, p) => p._items = r.Any()),
        ("description", static (r, p) => p._description = r.String(p._description)),
        ("enum", static (r, p) => r.List(p._enum, "[]interface {}", static () => null, static (r, _) => r.Any())),
        ("properties", static (r, p) => p._properties = ReadMap(r)),
        ("required", static (r, p) => r.List(p._required, "[]string", static () => "", static (r, s) => r.String(s))),
    ]);

    private readonly List<OllamaProperty> _anyOf = [];
    private readonly List<object?> _enum = [];
    private readonly List<string> _required = [];
    private List<string> _types = [];
    private object? _items;
    private string _description = "";
    private OrderedDictionary<string, OllamaProperty>? _properties;

    /// <summary>Properties by name, in their order; null for null.</summary>
    public static OrderedDictionary<string, OllamaProperty>? ReadMap(GoJsonReader reader)
    {
        if (reader.Peek() is GoKind.Null)
        {
            reader.Skip();
            return null;
        }

        var map = new OrderedDictionary<string, OllamaProperty>();
        reader.Ordered(key => map[key] = Read(reader, new OllamaProperty()));
        return map;
    }

    public static void Write(GoJsonWriter json, OrderedDictionary<string, OllamaProperty>? map)
    {
        if (map is null)
        {
            json.Raw("null"u8);
            return;
        }

        json.Raw("{"u8);
        var separator = ""u8;
        foreach (var (key, property) in map)
        {
            json.Raw(separator);
            json.Key(key);
            property.Write(json);
            separator = ","u8;
        }

        json.Raw("}"u8);
    }

    private static OllamaProperty Read(GoJsonReader reader, OllamaProperty property)
    {
        reader.Struct(Shape, property);
        return property;
    }

    // api.PropertyType decodes itself, each time into a new one: one text or several; null is read as one that is empty.
    private void ReadType(GoJsonReader reader) => reader.Custom(() =>
    {
        _types = [];
        if (reader.Peek() is GoKind.String or GoKind.Null)
        {
            _types.Add(reader.String(""));
        }
        else
        {
            reader.List(_types, "[]string", static () => "", static (r, s) => r.String(s));
        }
    });

    private void Write(GoJsonWriter json) => GoStack.Deep(() => WriteMembers(json));

    private void WriteMembers(GoJsonWriter json)
    {
        var members = new GoMembers(json);
        if (_anyOf.Count > 0)
        {
            members.Next("\"anyOf\":"u8).List(_anyOf, static (json, p) => p.Write(json));
        }

        if (_types is [var type])
        {
            members.Next("\"type\":"u8).String(type);
        }
        else
        {
            members.Optional("\"type\":"u8, _types);
        }

        members.Optional("\"items\":"u8, _items);
        members.Optional("\"description\":"u8, _description);
        members.Optional("\"enum\":"u8, _enum.Count > 0 ? _enum : (object?)null);
        if (_properties is not null)
        {
            Write(members.Next("\"properties\":"u8), _properties);
        }

        members.Optional("\"required\":"u8, _required);
        members.End();
    }
}
