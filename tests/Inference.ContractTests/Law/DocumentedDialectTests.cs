using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Inference.Errors;
using Inference.HttpErrors;
using Inference.Runtime;
using Inference.TestKit;

namespace Inference.ContractTests.Law;

/// <summary>In the dialect <c>documented</c> every example of Ollama's published error page comes out literally: its status and its body.</summary>
public sealed partial class DocumentedDialectTests
{
    private const string Model = "llama3.2";

    // What the page shows, and how to come by it: an example without a provocation fails the test.
    private static readonly Dictionary<string, Example> Examples = new()
    {
        ["missing request body"] = new(400, "/api/generate", ""),
        ["invalid character '}' looking for beginning of value"] = new(400, "/api/generate", "}"),
        ["top_logprobs must be between 0 and 20"] = new(400, "/api/chat", """{"model":"llama3.2","top_logprobs":21}"""),
        ["llama3.2 does not support generate"] = new(400, "/api/generate", """{"model":"llama3.2","prompt":"hi"}""")
        {
            Stored = new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1u } },
        },
        ["raw mode does not support template, system, or context"] = new(400, "/api/generate", """{"model":"llama3.2","prompt":"hi","raw":true,"system":"s"}""") { Stored = new ScriptedModel() },
        ["remote model is unavailable"] = new(403, "/api/generate", """{"model":"llama3.2:cloud","prompt":"hi"}"""),
        ["model 'llama3.2' not found"] = new(404, "/api/generate", """{"model":"llama3.2","prompt":"hi"}"""),
        ["model 'nonexistent' not found"] = new(404, "/api/generate", """{"model":"nonexistent","prompt":"Hello"}"""),
        ["template: undefined function \"invalid\""] = new(500, "/api/generate", """{"model":"llama3.2","prompt":"hi","template":"{{ invalid }}"}""") { Stored = new ScriptedModel() },
        ["failed to load model: out of memory"] = new(500, "/api/generate", """{"model":"llama3.2","prompt":"hi"}""")
        {
            Stored = new ScriptedModel(),
            Engine = static () => new ScriptedEngine { OnLoad = static _ => throw Catalogue.InsufficientMemory.For(Model, "CPU", 2L << 30, 1L << 30) },
        },
        ["invalid input type"] = new(400, "/api/embed", """{"model":"llama3.2","input":123}"""),
        ["context length exceeded"] = new(200, "/api/generate", """{"model":"llama3.2","prompt":"Why is the sky blue?"}""")
        {
            Stored = new ScriptedModel(),
            Engine = static () => new ScriptedEngine(Script.Of("The sky") with { Reason = StopReason.ContextFull }),
        },
        ["prompt size exceeds context length"] = new(400, "/api/generate", $$"""{"model":"llama3.2","prompt":"{{new string('x', 300)}}","truncate":false,"stream":false,"options": {"num_ctx":256} }""")
        {
            Stored = new ScriptedModel(),
        },
        // What other servers say when asked; here the status alone, by the function that the routes use.
        ["unauthorized"] = new(401, "", "") { Status = static () => Catalogue.SigninRequired.For("https://ollama.com/connect?name=hostname&key=publickey") },
        ["blob not found"] = new(404, "", "") { Status = static () => Catalogue.BlobNotFound.For("sha256:0") },
        // Every layer of the runtime checks a text before it gets to the tokenizer.
        ["failed to tokenize prompt"] = new(500, "", "") { Status = static () => Catalogue.TokenizerFailed.For("tokenize", "the text has more tokens than can be counted") },
        // Of the issue that adds to the page.
        ["request canceled"] = new(499, "", "") { Status = static () => Catalogue.RequestCancelled.For("queue") },
        ["server busy, please try again.  maximum pending requests exceeded"] = new(503, "/api/chat", """{"model":"llama3.2","messages":[{"role":"user","content":"hi"}]}""")
        {
            Stored = new ScriptedModel(),
            Engine = static () => new ScriptedEngine { Admit = static _ => throw Catalogue.ServerBusy.For(1, 1) },
        },
    };

    public static TheoryData<string> Texts => [.. Examples.Keys];

    [Fact]
    public void Page_EveryExample_IsProvoked()
    {
        var page = Places.Shared("spec/seeds/000_16bcad54cef34d7f.txt");
        Assert.SkipWhen(page is null, "the page is not here");
        var shown = Body().Matches(File.ReadAllText(page!)).Select(static m => JsonDocument.Parse(m.Value).RootElement.GetProperty("error").GetString()!).ToHashSet();
        Assert.Equal(16, shown.Count);
        Assert.Empty(shown.Except(Examples.Keys));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Example_ComesOut_Literally(string text)
    {
        var example = Examples[text];
        var (status, body) = example.Status is { } thrown ? Rendered(thrown()) : await AnsweredAsync(example);
        Assert.Equal(example.HttpStatus, status);
        var last = JsonDocument.Parse(body.TrimEnd('\n').Split('\n')[^1]).RootElement;
        Assert.Equal(text, last.GetProperty("error").GetString());
        Assert.Equal(text is "unauthorized" ? "https://ollama.com/connect?name=hostname&key=publickey" : null, last.TryGetProperty("signin_url", out var url) ? url.GetString() : null);
        Assert.Equal(text is "unauthorized" ? 2 : 1, last.EnumerateObject().Count());
    }

    [Fact]
    public async Task Chat_WithoutMessages_IsNoError()
    {
        var (status, _) = await AnsweredAsync(new Example(200, "/api/chat", """{"model":"llama3.2","messages":[]}""") { Stored = new ScriptedModel() });
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Stream_UntilTheContextIsFull_HasItsPieceFirst()
    {
        var (_, body) = await AnsweredAsync(Examples["context length exceeded"]);
        Assert.Contains("\"response\":\"The sky\",\"done\":false", body, StringComparison.Ordinal);
    }

    private static (int Status, string Body) Rendered(InferenceException thrown)
    {
        var error = ErrorRenderer.Render(thrown.Error.ToStatus(), new ErrorContext(OllamaRoute.Generate) { Dialect = ErrorDialect.Documented });
        return (error.Status, Encoding.UTF8.GetString(error.Body.Span));
    }

    private static async Task<(int Status, string Body)> AnsweredAsync(Example example)
    {
        using var store = new ScriptedStore();
        if (example.Stored is { } model)
        {
            store.Add(Model, model);
        }

        await using var host = await ServerHost.StartAsync(new ServerHostOptions
        {
            Environment = new Dictionary<string, string> { ["INFERENCE_DIALECT"] = "documented", ["OLLAMA_NO_CLOUD"] = "1" },
            Configure = builder => ScriptedInference.AddScripted(builder.Services, example.Engine(), store),
        });
        using var content = new StringContent(example.Request);
        using var response = await host.Http.PostAsync(new Uri(example.Path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    // Objects that begin with "error", over one line or several.
    [GeneratedRegex("""\{\s*"error": ?"(\\.|[^"\\])*"[^{}]*\}""")]
    private static partial Regex Body();

    private sealed record Example(int HttpStatus, string Path, string Request)
    {
        public ScriptedModel? Stored { get; init; }

        public Func<ScriptedEngine> Engine { get; init; } = static () => new ScriptedEngine();

        public Func<InferenceException>? Status { get; init; }
    }
}
