using System.Text;
using Google.Protobuf;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;
using Inference.V1;

namespace Inference.UnitTests.Facade.Ollama;

public sealed class RequestMappingTests
{
    [Fact]
    public void Generate_AllFields_ReachTheContract()
    {
        var request = Generate("""
            {"model":"m","prompt":"p","suffix":"s","system":"y","template":"t","context":[1,2],"images":["AQID"],"format":"json",
             "keep_alive":"1.5s","think":"high","logprobs":true,"top_logprobs":3,"options":{"temperature":0.5,"num_ctx":2048}}
            """);
        var expected = new GenerateRequest
        {
            Model = "m", Prompt = "p", Suffix = "s", System = "y", Template = "t", Context = { 1, 2 }, ReturnContext = true,
            Media = { new Media { Data = ByteString.CopyFrom(1, 2, 3) } },
            Format = new OutputFormat { Json = new JsonFormat() },
            KeepAlive = new Google.Protobuf.WellKnownTypes.Duration { Seconds = 1, Nanos = 500_000_000 },
            Thinking = new Thinking { Level = ThinkingLevel.High },
            Logprobs = new LogprobOptions { Top = 3 },
            Options = new SamplingOptions { Temperature = 0.5f },
            LoadOptions = new LoadOptions { NumCtx = 2048 },
            Truncate = true, Shift = true, StreamOptions = new StreamOptions(),
        };
        Assert.Equal(expected, request);
    }

    [Fact]
    public void Generate_NothingButAPrompt_HasOllamasDefaults()
    {
        var expected = new GenerateRequest
        {
            Model = "m", Prompt = "p", ReturnContext = true, Truncate = true, Shift = true,
            Options = new SamplingOptions(), LoadOptions = new LoadOptions(), StreamOptions = new StreamOptions(),
        };
        Assert.Equal(expected, Generate("""{"model":"m","prompt":"p","system":"","format":null,"top_logprobs":5}"""));
    }

    [Theory]
    [InlineData("{\"raw\":true}", false, true, true)]
    [InlineData("{\"shift\":false}", true, false, false)]
    [InlineData("{\"truncate\":false}", true, false, true)]
    public void Generate_RawTruncateShift_GoTogetherAsInOllama(string body, bool context, bool truncate, bool shift)
    {
        var request = Generate(body);
        Assert.Equal((context, truncate, shift), (request.ReturnContext, request.Truncate, request.Shift));
    }

    [Theory]
    [InlineData("5", 5, 0)]
    [InlineData("0.5", 0, 500_000_000)]
    [InlineData("0", 0, 0)]
    [InlineData("-1", -1, 0)]
    [InlineData("\"-1s\"", -1, 0)]
    [InlineData("\"2h45m\"", 9_900, 0)]
    [InlineData("1e300", 9_223_372_036, 854_775_807)]
    public void KeepAlive_AnyForm_IsADuration(string keepAlive, long seconds, int nanos)
    {
        var duration = Generate($"{{\"keep_alive\":{keepAlive}}}").KeepAlive;
        Assert.Equal((seconds, nanos), (duration.Seconds, duration.Nanos));
    }

    [Fact]
    public void Chat_Messages_KeepRolesImagesAndCalls()
    {
        var request = Chat("""
            {"model":"m","messages":[
              {"role":"SYSTEM","content":"s"},
              {"role":"user","content":"a [img] b [img] c [img]","images":["AQ==","Ag==","Aw==","BA=="]},
              {"role":"assistant","content":null,"thinking":"t","tool_calls":[{"id":"c1","function":{"index":1,"name":"f","arguments":{"z":1.0,"a":{"y":1e2,"b":"<"}}}}]},
              {"role":"tool","content":"r","tool_name":"f","tool_call_id":"c1"},
              {"role":"critic","content":"no [img]"},
              {"content":"x"}]}
            """);
        ChatMessage[] expected =
        [
            new() { Role = Role.System, Content = { Text("s") } },
            new() { Role = Role.User, Content = { Image(4), Text("a "), Image(1), Text(" b "), Image(2), Text(" c "), Image(3) } },
            new() { Role = Role.Assistant, Thinking = "t", ToolCalls = { new ToolCall { Id = "c1", Index = 1, Name = "f", ArgumentsJson = "{\"z\":1,\"a\":{\"b\":\"\\u003c\",\"y\":100}}" } } },
            new() { Role = Role.Tool, Content = { Text("r") }, ToolName = "f", ToolCallId = "c1" },
            new() { CustomRole = "critic", Content = { Text("no [img]") } },
            new() { CustomRole = "", Content = { Text("x") } },
        ];
        Assert.Equal(expected, request.Messages);
    }

    [Theory]
    [InlineData("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", "")]
    [InlineData("{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}", "")]
    [InlineData("{\"type\":\"function\",\"function\":{\"parameters\":{\"type\":\"object\",\"additionalProperties\":false}}}", "{\"type\":\"object\",\"properties\":null}")]
    [InlineData(
        "{\"type\":\"function\",\"function\":{\"parameters\":{\"properties\":{\"z\":{\"description\":\"d\",\"type\":[\"string\"],\"default\":1},\"a\":{\"type\":[\"a\",\"b\"],\"enum\":[1.0,null,\"<\"]}},\"required\":[\"z\"],\"$defs\":{\"y\":1,\"b\":2}}}}",
        "{\"type\":\"\",\"$defs\":{\"b\":2,\"y\":1},\"required\":[\"z\"],\"properties\":{\"z\":{\"type\":\"string\",\"description\":\"d\"},\"a\":{\"type\":[\"a\",\"b\"],\"enum\":[1,null,\"\\u003c\"]}}}")]
    [InlineData(
        "{\"type\":\"function\",\"function\":{\"parameters\":{\"properties\":{\"p\":{\"required\":[\"q\"],\"properties\":{\"q\":{}},\"items\":{\"type\":\"x\"},\"anyOf\":[{\"type\":\"null\"}]}}}}}",
        "{\"type\":\"\",\"properties\":{\"p\":{\"anyOf\":[{\"type\":\"null\"}],\"items\":{\"type\":\"x\"},\"properties\":{\"q\":{}},\"required\":[\"q\"]}}}")]
    public void Chat_Tools_KeepWhatOllamaKeepsInItsOrder(string tool, string expected) =>
        Assert.Equal(expected, Chat($"{{\"tools\":[{tool}]}}").Tools.Single().Function.ParametersJsonSchema);

    [Theory]
    [InlineData("{\"type\":\"function\"}", null)]
    [InlineData("{\"type\":\"\"}", "")]
    [InlineData("{\"type\":\"x\"}", "x")]
    [InlineData("null", "")]
    public void Chat_ToolType_IsSetOnlyWhereItIsNotFunction(string tool, string? expected)
    {
        var mapped = Chat($"{{\"tools\":[{tool}]}}").Tools.Single();
        Assert.Equal(expected, mapped.HasType ? mapped.Type : null);
    }

    [Theory]
    [InlineData("\"json\"", OutputFormat.KindOneofCase.Json, "")]
    [InlineData("{ \"type\" : 1 }", OutputFormat.KindOneofCase.JsonSchema, "{ \"type\" : 1 }")]
    public void Format_JsonOrSchema_IsTaken(string format, OutputFormat.KindOneofCase kind, string schema)
    {
        var mapped = Chat($"{{\"format\":{format}}}").Format;
        Assert.Equal((kind, schema), (mapped.KindCase, mapped.JsonSchema));
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"xml\"", "invalid format: \"\\\"xml\\\"\"; expected \"json\" or a valid JSON Schema object")]
    [InlineData("[1]", "invalid format: \"[1]\"; expected \"json\" or a valid JSON Schema object")]
    [InlineData("\"\\u006ason\"", "invalid format: \"\\\"\\\\u006ason\\\"\"; expected \"json\" or a valid JSON Schema object")]
    public void Format_AnythingElse_IsNoneOrAProblem(string format, string? expected)
    {
        var call = Decoded(new ChatCall(), ChatCall.Shape, $"{{\"format\":{format}}}");
        Assert.Null(OllamaFormat.ToContract(call.Format));
        Assert.Equal(expected, OllamaFormat.Problem(call.Format)?.Error.ToOllama(OllamaRoute.Chat).Text);
    }

    private static GenerateRequest Generate(string body)
    {
        var call = Decoded(new GenerateCall(), GenerateCall.Shape, body);
        return call.ToContract(OllamaOptions.From(call.Options));
    }

    private static ChatRequest Chat(string body)
    {
        var call = Decoded(new ChatCall(), ChatCall.Shape, body);
        return call.ToContract(OllamaOptions.From(call.Options));
    }

    private static T Decoded<T>(T call, GoStruct<T> shape, string body)
    {
        OllamaBody.Decode(Encoding.UTF8.GetBytes(body), shape, call);
        return call;
    }

    private static ContentPart Text(string text) => new() { Text = text };

    private static ContentPart Image(byte content) => new() { Media = new Media { Data = ByteString.CopyFrom(content) } };
}
