using System.Net;
using System.Text.Json;
using Inference.Errors;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>
/// Requests with several things wrong: which of them is told, and with which status. Each route looks at a request in an order of its own, and
/// finds the rest only when the model is loaded.
/// </summary>
public sealed class FirstFaultTests(FirstFaultTests.Scene scene) : IClassFixture<FirstFaultTests.Scene>
{
    private const string RawConflict = "raw mode does not support template, system, or context";
    private const string TopLogprobs = "top_logprobs must be between 0 and 20";
    private const string NoImages = "image generation models are not currently supported";
    private const string OneImage = "this model only supports one image while more than one image requested";
    private const string BadTemplate = "template: :1: missing value for if";
    private const string Stopped = "failed to load model: it broke";
    private const string TopKInteger = "option \"top_k\" must be of type integer";
    private const string BadFormat = "invalid format: \"7\"; expected \"json\" or a valid JSON Schema object";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Each line has less wrong with it than the one before.
    [Theory]
    [InlineData("""{"model":" ","top_logprobs":21,"prompt":"x","raw":true,"system":"s"}""", 400, TopLogprobs)]
    [InlineData("""{"model":" ","top_logprobs":-1}""", 400, TopLogprobs)]
    [InlineData("""{"model":" ","prompt":"x","raw":true,"system":"s"}""", 404, "model ' ' not found")]
    [InlineData("""{"model":"a:local:cloud","prompt":"x","raw":true,"system":"s"}""", 400, "use either :local or :cloud, not both: \"a:local:cloud\"")]
    [InlineData("""{"model":"a b","prompt":"x","raw":true,"system":"s"}""", 400, "invalid model name")]
    [InlineData("""{"model":"nope:local","prompt":"x","raw":true,"system":"s","think":true}""", 404, "model 'nope:local' not found")]
    [InlineData("""{"model":"badtmpl","prompt":"x","raw":true,"system":"s","think":true}""", 500, BadTemplate)]
    [InlineData("""{"model":"pic","prompt":"x","raw":true,"system":"s","think":true}""", 400, NoImages)]
    [InlineData("""{"model":"pic"}""", 400, NoImages)]
    [InlineData("""{"model":"m","prompt":"x","raw":true,"template":"{{ if }}","think":true,"suffix":"y"}""", 400, RawConflict)]
    [InlineData("""{"model":"m","prompt":"x","raw":true,"context":[1],"options":{"top_k":"1"}}""", 400, RawConflict)]
    [InlineData("""{"model":"m","raw":true,"system":"s","think":"low"}""", 400, RawConflict)]
    [InlineData("""{"model":"emb","prompt":"x","think":"max","suffix":"y"}""", 400, "\"emb\" does not support thinking")]
    [InlineData("""{"model":"emb","prompt":"x","suffix":"y","options":{"top_k":"1"}}""", 400, "\"emb\" does not support generate")]
    [InlineData("""{"model":"badparams","prompt":"x","suffix":"y","options":{"top_k":"1"}}""", 400, "registry.ollama.ai/library/badparams:latest does not support insert")]
    [InlineData("""{"model":"badparams","prompt":"x","options":{"top_k":"1"},"format":7}""", 500, "option \"temperature\" must be of type float32")]
    [InlineData("""{"model":"stops","prompt":"x","options":{"top_k":"1"},"format":7}""", 500, TopKInteger)]
    [InlineData("""{"model":"stops","prompt":"x","format":7,"template":"{{ if }}"}""", 500, Stopped)]
    [InlineData("""{"model":"mll","prompt":"x","images":["AAAA","AAAA"],"format":7,"template":"{{ if }}"}""", 400, OneImage)]
    [InlineData("""{"model":"m","prompt":"x","format":7,"template":"{{ if }}"}""", 500, BadTemplate)]
    [InlineData("""{"model":"m","prompt":"x","format":7}""", 500, BadFormat)]
    public Task Generate_TellsTheFirst(string body, int status, string text) => AssertAsync("/api/generate", body, status, text);

    [Theory]
    [InlineData("""{"model":"","top_logprobs":21,"messages":[]}""", 400, TopLogprobs)]
    [InlineData("""{"model":"","messages":[{"role":"user","content":"x"}]}""", 400, "model is required")]
    [InlineData("""{"model":"x:cloud:cloud","think":true}""", 400, "use either :local or :cloud, not both: \"x:cloud:cloud\"")]
    [InlineData("""{"model":"a//b","think":true}""", 400, "invalid model name")]
    [InlineData("""{"model":"Nope","think":true}""", 404, "model 'Nope' not found")]
    [InlineData("""{"model":"badtmpl","think":true}""", 500, BadTemplate)]
    [InlineData("""{"model":"emb","messages":[{"role":"user","content":"x"}],"think":true,"tools":[{}]}""", 400, "\"emb\" does not support thinking")]
    [InlineData("""{"model":"emb","messages":[{"role":"user","content":"x"}],"tools":[{}]}""", 400, "\"emb\" does not support chat")]
    [InlineData("""{"model":"badparams","messages":[{"role":"user","content":"x"}],"tools":[null]}""", 400, "registry.ollama.ai/library/badparams:latest does not support tools")]
    [InlineData("""{"model":"badparams","messages":[{"role":"user","content":"x"}],"options":{"top_k":"1"}}""", 500, "option \"temperature\" must be of type float32")]
    [InlineData("""{"model":"badparams","options":{"top_k":"1"}}""", 500, "option \"temperature\" must be of type float32")]
    [InlineData("""{"model":"stops","messages":[{"role":"user","content":"x"}],"options":{"top_k":"1"},"format":7}""", 500, TopKInteger)]
    [InlineData("""{"model":"stops","messages":[{"role":"user","content":"x"}],"format":7}""", 500, Stopped)]
    [InlineData("""{"model":"fails","messages":[{"role":"user","content":"x"}],"format":7}""", 500, "template: :1:37: executing \"\" at <index .Content 99>: error calling index: index out of range: 99")]
    [InlineData("""{"model":"mll","messages":[{"role":"user","content":"x","images":["AAAA","AAAA"]}],"format":7}""", 500, OneImage)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"format":7}""", 500, BadFormat)]
    public Task Chat_TellsTheFirst(string body, int status, string text) => AssertAsync("/api/chat", body, status, text);

    [Theory]
    [InlineData("""{"model":" ","input":7}""", 404, "model ' ' not found")]
    [InlineData("""{"model":"x:local:local","input":7}""", 400, "use either :local or :cloud, not both: \"x:local:local\"")]
    [InlineData("""{"model":".x","input":7}""", 400, "invalid model name")]
    [InlineData("""{"model":"nope","input":7}""", 400, "invalid input type")]
    [InlineData("""{"model":"nope","input":false}""", 400, "invalid input type")]
    [InlineData("""{"model":"nope","input":{}}""", 400, "invalid input type")]
    [InlineData("""{"model":"nope","input":["a",null]}""", 400, "invalid input type")]
    [InlineData("""{"model":"nope","input":[["a"]]}""", 400, "invalid input type")]
    [InlineData("""{"model":"Nope","input":"x"}""", 404, "model \"Nope\" not found, try pulling it first")]
    [InlineData("""{"model":"badtmpl","input":"x","options":{"top_k":"1"}}""", 500, BadTemplate)]
    [InlineData("""{"model":"badparams","input":"x","options":{"top_k":"1"}}""", 500, "option \"temperature\" must be of type float32")]
    [InlineData("""{"model":"stops","input":[],"options":{"top_k":"1"}}""", 500, TopKInteger)]
    [InlineData("""{"model":"stops"}""", 500, Stopped)]
    [InlineData("""{"model":"m","input":"x"}""", 501, "This server does not support embeddings. Start it with `--embeddings`")]
    public Task Embed_TellsTheFirst(string body, int status, string text) => AssertAsync("/api/embed", body, status, text);

    [Theory]
    [InlineData("""{"model":" "}""", 400, "model is required")]
    [InlineData("""{"model":"EMB","prompt":"x","options":{"top_k":"1"}}""", 404, "model \"EMB\" not found, try pulling it first")]
    [InlineData("""{"model":"badparams","prompt":"x","options":{"top_k":"1"}}""", 500, "option \"temperature\" must be of type float32")]
    [InlineData("""{"model":"emb","prompt":"x","options":{"top_k":"1"}}""", 500, TopKInteger)]
    [InlineData("""{"model":"stops","prompt":""}""", 500, Stopped)]
    [InlineData("""{"model":"m","prompt":"x"}""", 500, "This server does not support embeddings. Start it with `--embeddings`")]
    public Task Embeddings_TellsTheFirst(string body, int status, string text) => AssertAsync("/api/embeddings", body, status, text);

    [Theory]
    [InlineData("""{"model":" ","name":"m"}""", 400, "model is required")]
    [InlineData("""{"name":"m:cloud:local"}""", 400, "use either :local or :cloud, not both: \"m:cloud:local\"")]
    [InlineData("""{"model":"a b"}""", 400, "invalid model name")]
    [InlineData("""{"name":"Some/Thing:local"}""", 404, "model 'Some/Thing:latest' not found")]
    [InlineData("""{"model":"badtmpl"}""", 500, BadTemplate)]
    public Task Show_TellsTheFirst(string body, int status, string text) => AssertAsync("/api/show", body, status, text);

    [Theory]
    [InlineData("/api/generate", """{"model":"pic","keep_alive":0,"raw":true,"system":"s"}""")]
    [InlineData("/api/generate", """{"model":"m","keep_alive":"0s","think":true,"options":{"top_k":"1"}}""")]
    [InlineData("/api/generate", """{"model":"m","format":7,"template":"{{ if }}","images":["AAAA"]}""")]
    [InlineData("/api/generate", """{"model":"m","prompt":"x","format":"","options":{"top_k":null,"TOP_K":"1","mirostat":true}}""")]
    [InlineData("/api/generate", """{"model":"m","prompt":"x","format":null,"think":false,"top_logprobs":20}""")]
    [InlineData("/api/chat", """{"model":"emb","keep_alive":0,"tools":[{}],"think":true}""")]
    [InlineData("/api/chat", """{"model":"m","format":7}""")]
    [InlineData("/api/embed", """{"model":"emb","input":""}""")]
    [InlineData("/api/embed", """{"model":"m","input":null}""")]
    [InlineData("/api/show", """{"model":"badparams"}""")]
    public async Task Anything_WithNothingThatIsLookedAt_IsAnswered(string path, string body) => Assert.Equal(200, (await AnswerAsync(path, body)).Status);

    [Theory]
    [InlineData("num_ctx", "integer", "\"1\"", "true", "[]", "{}")]
    [InlineData("num_batch", "integer", "\"1\"", "true", "[]", "{}")]
    [InlineData("num_gpu", "integer", "\"1\"", "false", "[1]", "{}")]
    [InlineData("main_gpu", "integer", "\"1\"", "true", "[]", "{}")]
    [InlineData("num_thread", "integer", "\"1\"", "true", "[]", "{}")]
    [InlineData("draft_num_predict", "integer", "\"1\"", "true", "[]", "{}")]
    [InlineData("num_keep", "integer", "\"1\"", "true", "[]", "{}")]
    [InlineData("seed", "integer", "\"1\"", "true", "[]", "{}")]
    [InlineData("num_predict", "integer", "\"1\"", "true", "[]", "{}")]
    [InlineData("repeat_last_n", "integer", "\"1\"", "true", "[]", "{}")]
    [InlineData("top_p", "float32", "\"1\"", "true", "[]", "{}")]
    [InlineData("min_p", "float32", "\"1\"", "true", "[]", "{}")]
    [InlineData("typical_p", "float32", "\"1\"", "true", "[]", "{}")]
    [InlineData("repeat_penalty", "float32", "\"1\"", "true", "[]", "{}")]
    [InlineData("presence_penalty", "float32", "\"1\"", "true", "[]", "{}")]
    [InlineData("frequency_penalty", "float32", "\"1\"", "true", "[]", "{}")]
    [InlineData("use_mmap", "boolean", "\"true\"", "1", "[]", "{}")]
    [InlineData("stop", "array", "\"x\"", "1", "true", "{}")]
    public async Task Option_OfAnotherType_IsTold_ByRequestAndByModel(string option, string type, params string[] values)
    {
        foreach (var value in values)
        {
            foreach (var (path, rest) in new[] { ("/api/generate", "\"prompt\":\"x\""), ("/api/generate", "\"prompt\":\"\""), ("/api/chat", "\"messages\":[]"), ("/api/embed", "\"input\":\"x\""), ("/api/embeddings", "\"prompt\":\"x\"") })
            {
                await AssertAsync(path, $$"""{"model":"m",{{rest}},"options": {"{{option}}":{{value}} } }""", 500, $"option \"{option}\" must be of type {type}");
            }

            scene.Store.Add("stored", new ScriptedModel { Template = Scene.Plain, Parameters = $$"""{"{{option}}":{{value}} }""" });
            await AssertAsync("/api/generate", """{"model":"stored","prompt":"x"}""", 500, $"option \"{option}\" must be of type {type}");
        }
    }

    [Fact]
    public async Task Stop_WithOtherThanTexts_IsTold()
    {
        await AssertAsync("/api/generate", """{"model":"m","prompt":"x","options":{"stop":["a",1]}}""", 500, "option \"stop\" must be of an array of strings");
        scene.Store.Add("stored", new ScriptedModel { Template = Scene.Plain, Parameters = """{"stop":[null]}""" });
        await AssertAsync("/api/chat", """{"model":"stored","messages":[{"role":"user","content":"x"}]}""", 500, "option \"stop\" must be of an array of strings");
    }

    [Theory]
    [InlineData("\"xml\"", "\"\\\"xml\\\"\"")]
    [InlineData("\"JSON\"", "\"\\\"JSON\\\"\"")]
    [InlineData("1.50", "\"1.50\"")]
    [InlineData("true", "\"true\"")]
    [InlineData("[ 1 ]", "\"[ 1 ]\"")]
    [InlineData("\"a\\\"b\"", "\"\\\"a\\\\\\\"b\\\"\"")]
    public async Task Format_ThatIsNone_IsQuotedAsWritten_AndEndsAStreamThatWasNotBegun(string format, string quoted)
    {
        var text = $"invalid format: {quoted}; expected \"json\" or a valid JSON Schema object";
        foreach (var (path, rest) in new[] { ("/api/generate", "\"prompt\":\"x\""), ("/api/chat", "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]") })
        {
            var streamed = await AnswerAsync(path, $$"""{"model":"m",{{rest}},"format":{{format}}}""");
            var whole = await AnswerAsync(path, $$"""{"model":"m",{{rest}},"format":{{format}},"stream":false}""");
            Assert.Equal((500, text, "application/json", true), streamed);
            Assert.Equal((500, text, "application/json; charset=utf-8", false), whole);
        }
    }

    // Ollama's runner makes the prompt of a text before the stream is begun, and of a conversation where more than one message has to fit.
    [Theory]
    [InlineData("/api/generate", "\"prompt\":\"x\"", false)]
    [InlineData("/api/chat", "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]", true)]
    [InlineData("/api/chat", "\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"x\"}]", false)]
    [InlineData("/api/chat", "\"messages\":[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"x\"}],\"truncate\":false", true)]
    public async Task Format_ThatIsNone_OfAModelWithItsOwnTemplate_IsFoundWhereItsPromptIsMade(string path, string rest, bool chunked)
    {
        var answer = await AnswerAsync(path, $$"""{"model":"jinja",{{rest}},"format":7}""");
        Assert.Equal((500, BadFormat, chunked ? "application/json" : "application/json; charset=utf-8", chunked), answer);
    }

    [Theory]
    [InlineData("true", 400, "\"m\" does not support thinking")]
    [InlineData("\"low\"", 400, "\"m\" does not support thinking")]
    [InlineData("\"max\"", 400, "\"m\" does not support thinking")]
    [InlineData("\"High\"", 400, "invalid think value: \"High\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)")]
    [InlineData("\"\"", 400, "invalid think value: \"\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)")]
    [InlineData("0", 400, "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)")]
    [InlineData("[]", 400, "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)")]
    [InlineData("{}", 400, "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)")]
    public async Task Think_IsRefused(string think, int status, string text)
    {
        await AssertAsync("/api/generate", $$"""{"model":"m","prompt":"x","think":{{think}}}""", status, text);
        await AssertAsync("/api/chat", $$"""{"model":"m","think":{{think}}}""", status, text);
    }

    private async Task AssertAsync(string path, string body, int status, string text)
    {
        var answer = await AnswerAsync(path, body);
        Assert.Equal((status, text), (answer.Status, answer.Text));
    }

    private async Task<(int Status, string Text, string? Type, bool Chunked)> AnswerAsync(string path, string body)
    {
        using var content = new StringContent(body);
        using var response = await scene.Host.Http.PostAsync(new Uri(path, UriKind.Relative), content, Ct);
        var answer = await response.Content.ReadAsStringAsync(Ct);
        var text = response.StatusCode is HttpStatusCode.OK ? "" : JsonDocument.Parse(answer).RootElement.GetProperty("error").GetString()!;
        return ((int)response.StatusCode, text, response.Content.Headers.ContentType?.ToString(), response.Headers.TransferEncodingChunked is true);
    }

    /// <summary>A server with a model for each thing that can be wrong with one.</summary>
    public sealed class Scene : IAsyncLifetime
    {
        internal const string Plain = "{{ range .Messages }}{{ .Role }}:{{ .Content }};{{ end }}";

        public ScriptedStore Store { get; } = new();

        public ServerHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var broken = new ScriptedEngine { OnLoad = static _ => throw Catalogue.LoadFailed.For("stops", "it broke") };
            Store.Add("m", new ScriptedModel { Template = Plain });
            Store.Add("stops", new ScriptedModel { Template = Plain });
            Store.Add("badtmpl", new ScriptedModel { Template = "{{ if }}" });
            Store.Add("badparams", new ScriptedModel { Template = Plain, Parameters = """{"temperature":"hot"}""" });
            Store.Add("fails", new ScriptedModel { Template = "{{ range .Messages }}{{ if true }}{{ index .Content 99 }}{{ end }}{{ end }}" });
            Store.Add("pic", new ScriptedModel { Template = Plain, Config = """{"model_format":"gguf","model_family":"llama","capabilities":["image"]}""" });
            Store.Add("mll", new ScriptedModel { Template = Plain, Config = """{"model_format":"gguf","model_family":"mllama","model_families":["mllama"]}""" });
            Store.Add("emb", new ScriptedModel { Template = Plain, Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1 } });
            Store.Add("jinja", new ScriptedModel { Metadata = new Dictionary<string, object> { ["tokenizer.chat_template"] = "{% for m in messages %}{{ m.content }}{% endfor %}" } });
            Host = await ServerHost.StartAsync(new ServerHostOptions
            {
                Environment = new Dictionary<string, string> { ["OLLAMA_NO_CLOUD"] = "1" },
                Configure = builder => ScriptedInference.AddScripted(builder.Services, name => name is "stops" ? broken : new ScriptedEngine(), Store),
            });
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            Store.Dispose();
        }
    }
}
