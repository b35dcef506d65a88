using System.Text;
using Inference.Errors;
using Inference.Facade.Ollama;

namespace Inference.UnitTests.Facade.Ollama;

public sealed class OllamaErrorsTests
{
    [Fact]
    public void Render_BeforeTheStream_IsOneCountedObject()
    {
        var error = Render(Catalogue.ModelNotFound.For("<m>"), OllamaRoute.Generate, OllamaPhase.Stream);
        Assert.Equal((404, "application/json; charset=utf-8", false), (error.Status, error.ContentType, error.Chunked));
        Assert.Equal("{\"error\":\"model '\\u003cm\\u003e' not found\"}", Encoding.UTF8.GetString(error.Body.Span));
    }

    [Fact]
    public void Render_FromTheEngineOnceAStreamIsAskedFor_IsAChunkedObjectWithoutCharset()
    {
        var error = Render(Catalogue.ContextLengthExceeded.For(9, 4), OllamaRoute.Chat, OllamaPhase.Stream);
        Assert.Equal((400, "application/json", true), (error.Status, error.ContentType, error.Chunked));
    }

    [Fact]
    public void Render_FromTheEngineInOnePiece_IsACountedObject()
    {
        var error = Render(Catalogue.ContextLengthExceeded.For(9, 4), OllamaRoute.Chat, OllamaPhase.Whole);
        Assert.Equal((400, "application/json; charset=utf-8", false), (error.Status, error.ContentType, error.Chunked));
    }

    [Fact]
    public void Render_AfterTheFirstLine_IsALine()
    {
        var error = Render(Catalogue.OutputUnparsable.For("m", "p", "boom"), OllamaRoute.Chat, OllamaPhase.StreamStarted);
        Assert.Equal("{\"error\":\"boom\"}\n", Encoding.UTF8.GetString(error.Body.Span));
    }

    [Fact]
    public void Render_Busy_SaysWhenToComeBack()
    {
        var error = Render(Catalogue.ServerBusy.For(2, 2), OllamaRoute.Chat, OllamaPhase.Stream);
        Assert.Equal((503, TimeSpan.FromSeconds(1)), (error.Status, error.RetryAfter));
        Assert.Equal("{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}", Encoding.UTF8.GetString(error.Body.Span));
    }

    [Fact]
    public void Render_RetryableButNotAskedToCome_HasNoRetryAfter() =>
        Assert.Null(Render(Catalogue.LoadStalled.For("m", 5), OllamaRoute.Chat, OllamaPhase.Whole).RetryAfter);

    [Fact]
    public void Render_SigninRequired_CarriesTheAddress() =>
        Assert.Equal("{\"error\":\"unauthorized\",\"signin_url\":\"https://x/?a=1\\u0026b=2\"}", Encoding.UTF8.GetString(Render(Catalogue.SigninRequired.For("https://x/?a=1&b=2"), OllamaRoute.Other, OllamaPhase.Whole).Body.Span));

    [Fact]
    public void Render_ForeignStatus_IsItsMessage()
    {
        var error = OllamaErrors.Render(new Google.Rpc.Status { Code = 13, Message = "elsewhere" }, OllamaRoute.Other, OllamaPhase.Whole);
        Assert.Equal((500, "{\"error\":\"elsewhere\"}"), (error.Status, Encoding.UTF8.GetString(error.Body.Span)));
    }

    [Theory]
    [InlineData(OllamaRoute.Embed, "{\"error\":\"model \\\"m\\\" not found, try pulling it first\"}")]
    [InlineData(OllamaRoute.Embeddings, "{\"error\":\"model \\\"m\\\" not found, try pulling it first\"}")]
    [InlineData(OllamaRoute.Chat, "{\"error\":\"model 'm' not found\"}")]
    public void Render_ModelNotFound_HasTheWordsOfItsRoute(OllamaRoute route, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Render(Catalogue.ModelNotFound.For("m"), route, OllamaPhase.Whole).Body.Span));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Render_EmbedWithoutAName_HasTheWordsOfTheOthers(string name) =>
        Assert.Equal($"{{\"error\":\"model '{name}' not found\"}}", Encoding.UTF8.GetString(Render(Catalogue.ModelNotFound.For(name), OllamaRoute.Embed, OllamaPhase.Whole).Body.Span));

    private static OllamaError Render(InferenceException thrown, OllamaRoute route, OllamaPhase phase) => OllamaErrors.Render(thrown.Error.ToStatus(), route, phase);
}
