using System.Text.Json;
using Inference.Store.Modelfiles;

namespace Inference.UnitTests.Store.Modelfiles;

public sealed class GoFormatTests
{
    [Theory]
    [InlineData("\"a\\n\\\"b\"", "a\n\"b", "\"a\\n\\\"b\"")]
    [InlineData("true", "true", "true")]
    [InlineData("null", "<nil>", "<nil>")]
    [InlineData("[1,\"a\",null]", "[1 a <nil>]", "[]interface {}{1, \"a\", interface {}(nil)}")]
    [InlineData("{\"b\":1,\"a\":[],\"b\":\"x\"}", "map[a:[] b:x]", "map[string]interface {}{\"a\":[]interface {}{}, \"b\":\"x\"}")]
    public void Value_IsWrittenAsGoWritesIt(string json, string plain, string syntax)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(plain, GoFormat.Plain(document.RootElement));
        Assert.Equal(syntax, GoFormat.Syntax(document.RootElement));
    }
}
