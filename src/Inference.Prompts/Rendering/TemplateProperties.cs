using Inference.Prompts.GoTemplates.Formatting;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.Rendering;

/// <summary>A parameter of a tool as the Go structure that Ollama gives to templates.</summary>
internal static class TemplateProperties
{
    private static readonly GoType s_type = new(GoKind.Slice, "api.PropertyType", GoTypes.String)
    {
        Methods = new Dictionary<string, Func<GoValue, GoValue>> { ["String"] = PrintType },
        MarshalsAs = static value => value is GoSlice { Count: 1 } single ? single[0] : GoSlice.Of(TypesOf(value)),
    };

    // Ollama's ordered map: a structure around the entries, which templates cannot range over.
    private static readonly GoType s_map = new(GoKind.Struct, "api.ToolPropertiesMap")
    {
        Fields = [new("om", GoTypes.AnyMap, Hidden: true)],
        Methods = new Dictionary<string, Func<GoValue, GoValue>>
        {
            ["Len"] = static value => new GoInt(((GoMap)((GoStruct)value).Fields[0]!).Entries.Count),
            ["ToMap"] = static value => GoMap.Sorted(s_propertyMap!, ((GoMap)((GoStruct)value).Fields[0]!).Entries),
        },
        MarshalsAs = static value => ((GoStruct)value).Fields[0],
    };

    private static readonly GoField[] s_fields =
    [
        new("AnyOf", new GoType(GoKind.Slice, "[]api.ToolProperty", null), "anyOf", OmitEmpty: true),
        new("Type", s_type, "type", OmitEmpty: true),
        new("Items", GoTypes.Any, "items", OmitEmpty: true),
        new("Description", GoTypes.String, "description", OmitEmpty: true),
        new("Enum", GoTypes.AnySlice, "enum", OmitEmpty: true),
        new("Properties", s_map.Pointer, "properties", OmitEmpty: true),
        new("Required", GoTypes.StringSlice, "required", OmitEmpty: true),
    ];

    public static readonly GoType Property = new(GoKind.Struct, "api.ToolProperty")
    {
        Fields = s_fields,
        Methods = new Dictionary<string, Func<GoValue, GoValue>> { ["ToTypeScriptType"] = static value => new GoString(TypeScript((GoStruct)value)) },
    };

    private static readonly GoType s_propertyList = new(GoKind.Slice, "[]api.ToolProperty", Property);
    private static readonly GoType s_propertyMap = new(GoKind.Map, "map[string]api.ToolProperty", Property);

    public static GoStruct Of(Schema schema) => new(
        Property,
        new GoSlice(s_propertyList, schema.Elements("anyOf")?.Select(Of).ToArray<GoValue?>()),
        new GoSlice(s_type, schema.TextOrTexts("type")),
        schema.Any("items"),
        new GoString(schema.Text("description")),
        schema.Any("enum") as GoSlice ?? new GoSlice(GoTypes.AnySlice, null),
        new GoPointer(s_map.Pointer, schema.Members("properties") is { } members ? Map(members) : null),
        new GoSlice(GoTypes.StringSlice, schema.Texts("required")));

    private static GoStruct Map(IEnumerable<KeyValuePair<string, Schema>> members) =>
        new(s_map, GoMap.Ordered(s_propertyMap, members.Select(static m => KeyValuePair.Create(m.Key, (GoValue?)Of(m.Value)))));

    private static IEnumerable<string> TypesOf(GoValue value)
    {
        var types = (GoSlice)value;
        return Enumerable.Range(0, types.Count).Select(i => ((GoString)types[i]!).Text);
    }

    private static GoString PrintType(GoValue value)
    {
        var types = TypesOf(value).ToList();
        return types.Count == 1 ? new GoString(types[0]) : types.Count == 0 ? GoString.Empty : new GoString(GoPrint.Sprint([GoSlice.Of(types)]));
    }

    private static string TypeScript(GoStruct property)
    {
        if (property.Fields[0] is GoSlice { Count: > 0 } any)
        {
            return string.Join(" | ", Enumerable.Range(0, any.Count).Select(i => TypeScript((GoStruct)any[i]!)));
        }

        var types = TypesOf(property.Fields[1]!).ToList();
        return types.Count == 0 ? "any" : string.Join(" | ", types.Select(TypeScript));
    }

    private static string TypeScript(string type) => type switch
    {
        "string" => "string",
        "number" or "integer" => "number",
        "boolean" => "boolean",
        "array" => "any[]",
        "object" => "Record<string, any>",
        "null" => "null",
        _ => "any",
    };
}
