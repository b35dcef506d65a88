using System.Text;
using System.Text.Json;
using Inference.Errors;
using Inference.Facade.Anthropic.Requests;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.OpenAi.Requests;
using Inference.Facade.Passthrough;
using Inference.GoJson;

namespace Inference.FuzzTests.Json;

/// <summary>Whatever is sent to the routes under /v1, it is understood or refused by name: nothing else comes out of them.</summary>
public sealed class CompatBodyTests
{
    private const int Cases = 4_000;

    private static readonly string[] Refusals =
        [Catalogue.RequestMalformed.Reason, Catalogue.FieldRequired.Reason, Catalogue.FieldInvalid.Reason, Catalogue.MediaInvalid.Reason, Catalogue.RequestTooLarge.Reason];

    private static readonly Dictionary<string, (string Whole, Func<byte[], object> Read)> Routes = new()
    {
        ["chat"] = (
            """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},{"type":"input_audio","input_audio":{"data":"AQID"}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"1","index":0,"function":{"name":"f","arguments":"{\"a\":[1]}"}}]},{"role":"tool","tool_call_id":"1","content":"r"}],"stop":["x"],"seed":1,"max_tokens":2,"temperature":0.5,"response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object"}}},"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"a":{"type":["string"]}}}}}],"reasoning":{"effort":"low"},"logprobs":true,"top_logprobs":1,"stream_options":{"include_usage":true}}""",
            static body => Chat(Decoded(body, ChatCompletionCall.Shape, new ChatCompletionCall()).ToNative())),
        ["completions"] = (
            """{"model":"m","prompt":"p","suffix":"s","stop":["x","y"],"seed":1,"max_tokens":2,"temperature":0.5,"top_p":1,"frequency_penalty":0.1,"presence_penalty":-1,"logprobs":3,"stream":true}""",
            static body => Decoded(body, CompletionCall.Shape, new CompletionCall()).ToNative() is var call ? call.ToContract(OllamaOptions.From(call.Options)) : ""),
        ["embeddings"] = (
            """{"model":"m","input":["a","b"],"dimensions":3,"encoding_format":"base64"}""",
            static body => Decoded(body, OpenAiEmbedCall.Shape, new OpenAiEmbedCall()).ToNative()),
        ["responses"] = (
            """{"model":"m","instructions":"i","input":[{"role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"data:;base64,AQID"}]},{"type":"reasoning","summary":[{"type":"summary_text","text":"s"}],"encrypted_content":"t"},{"type":"function_call","call_id":"1","name":"f","arguments":"{\"a\":1}"},{"type":"function_call_output","call_id":"1","output":[{"type":"output_text","text":"r"}]}],"tools":[{"type":"namespace","name":"n","tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{}}}]},{"type":"web_search"}],"reasoning":{"effort":"high","summary":"auto"},"text":{"format":{"type":"json_schema","name":"n","schema":{"a":1},"strict":true}},"max_output_tokens":3,"temperature":1,"stream":true}""",
            static body =>
            {
                var call = Decoded(body, ResponsesCall.Shape, new ResponsesCall());
                new GoJsonWriter(new System.Buffers.ArrayBufferWriter<byte>()).Write(call.Echo());
                return Chat(call.ToNative());
            }),
        ["messages"] = (
            """{"model":"m","max_tokens":5,"system":[{"type":"text","text":"s"}],"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"t"},{"type":"text","text":"a","citations":[{"type":"x","url":"u"}]},{"type":"tool_use","id":"1","name":"f","input":{"x":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"1","content":[{"type":"text","text":"r"},{"type":"image","source":{"type":"base64","data":"AQID"}}]},{"type":"image","source":{"type":"base64","data":"AQID"}},{"type":"web_search_tool_result","tool_use_id":"2","content":[{"type":"web_search_result","title":"T","url":"U"}]}]},{"role":"user","content":"b"}],"tools":[{"name":"f","input_schema":{"type":"object","properties":{"a":{"type":"string"}}}},{"type":"web_search_20250305","max_uses":1}],"tool_choice":{"type":"auto"},"thinking":{"type":"enabled","budget_tokens":9},"metadata":{"user_id":"u"},"output_config":{"effort":"low"},"top_k":1,"stop_sequences":["x"]}""",
            static body => Chat(Decoded(body, MessagesCall.Shape, new MessagesCall()).ToNative())),
        ["transcriptions"] = (
            "--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\r\n--B--\r\n",
            static body => MultipartForm.Read("multipart/form-data; boundary=B", body)),
        ["packed"] = (
            Encoding.Latin1.GetString(Convert.FromBase64String("KLUv/SBLWQIAeyJtb2RlbCI6ICJ0LW1zZyIsICJtZXNzYWdlcyI6IFt7InJvbGUiOiAidXNlciIsICJjb250ZW50IjogIkhpIDx0aGVyZT4ifV19")),
            static body => ZstdBody.Unpack(body)),
    };

    public static TheoryData<string> Names => [.. Routes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Body_Whole_IsUnderstood(string route) => Assert.NotNull(Routes[route].Read(Encoding.Latin1.GetBytes(Routes[route].Whole)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Body_Damaged_IsUnderstoodOrRefusedByName(string route)
    {
        var (whole, read) = Routes[route];
        var bytes = Encoding.Latin1.GetBytes(whole);
        Fuzz.Each(Cases, random => Bytes.Damaged(random, bytes), body => Problem(read, body), Bytes.Smaller, Bytes.Show);
    }

    [Fact]
    public void Compact_IsTheSameValueWithoutSpace()
    {
        var shape = Requests.All["chat"];
        Fuzz.Each(Cases, random => Documents.Make(random, shape, wrong: 10), static body =>
        {
            var compact = GoCompact.Compact(body);
            using var before = JsonDocument.Parse(body);
            using var after = JsonDocument.Parse(compact);
            return JsonElement.DeepEquals(before.RootElement, after.RootElement) && compact.Span.IndexOfAny("<>&"u8) < 0 ? null : Bytes.Show(compact.ToArray());
        }, static _ => [], Bytes.Show);
    }

    private static string? Problem(Func<byte[], object> read, byte[] body)
    {
        try
        {
            read(body);
            return null;
        }
        catch (InferenceException e)
        {
            return Refusals.Contains(e.Error.Kind.Reason) ? null : e.Error.Kind.Reason;
        }
    }

    private static T Decoded<T>(byte[] body, GoStruct<T> shape, T target)
    {
        OllamaBody.Decode(body, shape, target, nothing: "EOF");
        return target;
    }

    private static V1.ChatRequest Chat(ChatCall call) => call.ToContract(OllamaOptions.From(call.Options));
}
