using Inference.GoJson;

namespace Inference.Facade.Passthrough;

/// <summary>Whether a body offers the server's own search among its tools.</summary>
internal sealed class SearchTool
{
    private static readonly GoStruct<SearchTool> ToolShape = new("", "struct { Type string \"json:\\\"type\\\"\" }",
        ("type", static (r, t) => t._type = r.String(t._type)));

    private static readonly GoStruct<List<SearchTool>> Shape = new("", "struct { Tools []struct { Type string \"json:\\\"type\\\"\" } \"json:\\\"tools\\\"\" }",
        ("tools", static (r, tools) => r.List(tools, "[]struct { Type string \"json:\\\"type\\\"\" }", static () => new SearchTool(), Read)));

    private string _type = "";

    public static bool IsIn(ReadOnlyMemory<byte> body)
    {
        var tools = new List<SearchTool>();
        return GoJsonReader.Unmarshal(body, tools, static (r, t) => r.Struct(Shape, t)) is null
            && tools.Exists(static t => t._type.Trim().StartsWith("web_search", StringComparison.Ordinal));
    }

    private static SearchTool Read(GoJsonReader reader, SearchTool tool)
    {
        reader.Struct(ToolShape, tool);
        return tool;
    }
}
