using System.Text.Json;
using Inference.Prompts.GoTemplates.Values;
using Inference.V1;

namespace Inference.Prompts.Rendering;

/// <summary>Tools as the Go structures that Ollama gives to templates. Keywords of JSON Schema that those lack do not reach the model.</summary>
internal static class TemplateTools
{
    private static readonly Dictionary<string, Func<GoValue, GoValue>> s_printsAsJson = new() { ["String"] = TemplateMessages.PrintsAsJson };

    private static readonly GoType s_properties = new(GoKind.Map, "template.templateProperties", TemplateProperties.Property) { Methods = s_printsAsJson };

    private static readonly GoType s_parameters = new(GoKind.Struct, "template.templateToolFunctionParameters")
    {
        Fields =
        [
            new("Type", GoTypes.String, "type"),
            new("Defs", GoTypes.Any, "$defs", OmitEmpty: true),
            new("Items", GoTypes.Any, "items", OmitEmpty: true),
            new("Required", GoTypes.StringSlice, "required", OmitEmpty: true),
            new("Properties", s_properties, "properties"),
        ],
    };

    private static readonly GoType s_function = new(GoKind.Struct, "template.templateToolFunction")
    {
        Fields =
        [
            new("Name", GoTypes.String, "name"),
            new("Description", GoTypes.String, "description"),
            new("Parameters", s_parameters, "parameters"),
        ],
    };

    private static readonly GoType s_tool = new(GoKind.Struct, "template.templateTool")
    {
        Fields = [new("Type", GoTypes.String, "type"), new("Items", GoTypes.Any, "items", OmitEmpty: true), new("Function", s_function, "function")],
        Methods = s_printsAsJson,
    };

    private static readonly GoType s_tools = new(GoKind.Slice, "template.templateTools", s_tool) { Methods = s_printsAsJson };

    public static GoSlice List(ChatPrompt prompt) =>
        new(s_tools, prompt.Tools.Count == 0 && !prompt.HasToolList ? null : [.. prompt.Tools.Select(Tool)]);

    private static GoStruct Tool(Tool tool)
    {
        var function = tool.Function ?? new FunctionTool();
        return new GoStruct(
            s_tool,
            new GoString(tool.HasType ? tool.Type : "function"),
            null,
            new GoStruct(s_function, new GoString(function.Name), new GoString(function.Description), Parameters(function.ParametersJsonSchema)));
    }

    private static GoStruct Parameters(string schema)
    {
        // The services let only objects through; here anything else is no parameters.
        try
        {
            using var document = JsonDocument.Parse(schema.Length == 0 ? "{}" : schema, JsonValues.Options);
            return Parameters(new Schema(document.RootElement));
        }
        catch (JsonException)
        {
            return Parameters(new Schema(default));
        }
    }

    private static GoStruct Parameters(Schema schema) => new(
        s_parameters,
        new GoString(schema.Text("type")),
        schema.Any("$defs"),
        schema.Any("items"),
        new GoSlice(GoTypes.StringSlice, schema.Texts("required")),
        GoMap.Sorted(s_properties, schema.Members("properties")?.Select(static m => KeyValuePair.Create(m.Key, (GoValue?)TemplateProperties.Of(m.Value)))));
}
