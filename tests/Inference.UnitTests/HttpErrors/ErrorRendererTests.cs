using System.Text;
using Inference.Errors;
using Inference.HttpErrors;

namespace Inference.UnitTests.HttpErrors;

public sealed class ErrorRendererTests
{
    [Fact]
    public void Render_BeforeTheStream_IsOneCountedObject()
    {
        var error = Render(Catalogue.ModelNotFound.For("<m>"), OllamaRoute.Generate, ErrorPhase.Stream);
        Assert.Equal((404, "application/json; charset=utf-8", false), (error.Status, error.ContentType, error.Chunked));
        Assert.Equal("{\"error\":\"model '\\u003cm\\u003e' not found\"}", Encoding.UTF8.GetString(error.Body.Span));
    }

    [Fact]
    public void Render_FromTheEngineOnceAStreamIsAskedFor_IsAChunkedObjectWithoutCharset()
    {
        var error = Render(Catalogue.ContextLengthExceeded.For(9, 4), OllamaRoute.Chat, ErrorPhase.Stream);
        Assert.Equal((400, "application/json", true), (error.Status, error.ContentType, error.Chunked));
    }

    [Fact]
    public void Render_FromTheEngineInOnePiece_IsACountedObject()
    {
        var error = Render(Catalogue.ContextLengthExceeded.For(9, 4), OllamaRoute.Chat, ErrorPhase.Whole);
        Assert.Equal((400, "application/json; charset=utf-8", false), (error.Status, error.ContentType, error.Chunked));
    }

    [Fact]
    public void Render_AfterTheFirstLine_IsALine()
    {
        var error = Render(Catalogue.OutputUnparsable.For("m", "p", "boom"), OllamaRoute.Chat, ErrorPhase.StreamStarted);
        Assert.Equal("{\"error\":\"boom\"}\n", Encoding.UTF8.GetString(error.Body.Span));
    }

    [Fact]
    public void Render_Busy_SaysWhenToComeBack()
    {
        var error = Render(Catalogue.ServerBusy.For(2, 2), OllamaRoute.Chat, ErrorPhase.Stream);
        Assert.Equal((503, TimeSpan.FromSeconds(1)), (error.Status, error.RetryAfter));
        Assert.Equal("{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}", Encoding.UTF8.GetString(error.Body.Span));
    }

    [Fact]
    public void Render_RetryableButNotAskedToCome_HasNoRetryAfter() =>
        Assert.Null(Render(Catalogue.LoadStalled.For("m", 5), OllamaRoute.Chat, ErrorPhase.Whole).RetryAfter);

    [Fact]
    public void Render_SigninRequired_CarriesTheAddress() =>
        Assert.Equal("{\"error\":\"unauthorized\",\"signin_url\":\"https://x/?a=1\\u0026b=2\"}", Encoding.UTF8.GetString(Render(Catalogue.SigninRequired.For("https://x/?a=1&b=2"), OllamaRoute.Other, ErrorPhase.Whole).Body.Span));

    [Fact]
    public void Render_ForeignStatus_IsItsMessage()
    {
        var error = ErrorRenderer.Render(new Google.Rpc.Status { Code = 13, Message = "elsewhere" }, new ErrorContext(OllamaRoute.Other));
        Assert.Equal((500, "{\"error\":\"elsewhere\"}"), (error.Status, Encoding.UTF8.GetString(error.Body.Span)));
    }

    [Theory]
    [InlineData(OllamaRoute.Embed, "{\"error\":\"model \\\"m\\\" not found, try pulling it first\"}")]
    [InlineData(OllamaRoute.Embeddings, "{\"error\":\"model \\\"m\\\" not found, try pulling it first\"}")]
    [InlineData(OllamaRoute.Chat, "{\"error\":\"model 'm' not found\"}")]
    public void Render_ModelNotFound_HasTheWordsOfItsRoute(OllamaRoute route, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(Render(Catalogue.ModelNotFound.For("m"), route, ErrorPhase.Whole).Body.Span));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Render_EmbedWithoutAName_HasTheWordsOfTheOthers(string name) =>
        Assert.Equal($"{{\"error\":\"model '{name}' not found\"}}", Encoding.UTF8.GetString(Render(Catalogue.ModelNotFound.For(name), OllamaRoute.Embed, ErrorPhase.Whole).Body.Span));

    [Theory]
    [InlineData(404, "{\"error\":{\"message\":\"model 'm' not found\",\"type\":\"not_found_error\",\"param\":null,\"code\":null}}\n")]
    [InlineData(503, "{\"error\":{\"message\":\"server busy, please try again.  maximum pending requests exceeded\",\"type\":\"api_error\",\"param\":null,\"code\":null}}\n")]
    public void Render_ForOpenAi_EndsWithANewlineAndHasNoCharset(int status, string expected)
    {
        var thrown = status is 404 ? Catalogue.ModelNotFound.For("m") : Catalogue.ServerBusy.For(1, 1);
        var error = ErrorRenderer.Render(thrown.Error.ToStatus(), new ErrorContext(OllamaRoute.Chat) { Form = ErrorForm.OpenAi });
        Assert.Equal((status, "application/json", expected), (error.Status, error.ContentType, Encoding.UTF8.GetString(error.Body.Span)));
    }

    [Fact]
    public void Render_ForOpenAiWhileDecoding_IsGinsOwn()
    {
        var error = ErrorRenderer.Render(Catalogue.RequestMalformed.For("EOF").Error.ToStatus(), new ErrorContext(OllamaRoute.Chat) { Form = ErrorForm.OpenAi, Phase = ErrorPhase.Decoding });
        Assert.Equal("application/json; charset=utf-8", error.ContentType);
        Assert.Equal("{\"error\":{\"message\":\"EOF\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}", Encoding.UTF8.GetString(error.Body.Span));
    }

    [Fact]
    public void Render_ForAnthropic_NamesTheCall()
    {
        var context = new ErrorContext(OllamaRoute.Chat) { Form = ErrorForm.Anthropic, RequestId = "r" };
        var body = Encoding.UTF8.GetString(ErrorRenderer.Render(Catalogue.ServerBusy.For(1, 1).Error.ToStatus(), context).Body.Span);
        Assert.Matches("^\\{\"type\":\"error\",\"error\":\\{\"type\":\"overloaded_error\",\"message\":\"server busy, [^\"]*\"\\},\"request_id\":\"req_[0-9a-f]{24}\"\\}\n$", body);
        Assert.Equal(body, Encoding.UTF8.GetString(ErrorRenderer.Render(Catalogue.ServerBusy.For(1, 1).Error.ToStatus(), context).Body.Span));
    }

    [Fact]
    public void Render_Awaited_HasNoCharset() =>
        Assert.Equal("application/json", Render(Catalogue.RegistryModelNotFound.For("m", "h"), OllamaRoute.Pull, ErrorPhase.Awaited).ContentType);

    // What a check refuses is refused in the same form whether a stream was asked for or one piece.
    [Theory]
    [InlineData(ErrorPhase.Stream)]
    [InlineData(ErrorPhase.Awaited)]
    public void Render_CheckBeforeTheWork_IsOneCountedObject(ErrorPhase phase)
    {
        InferenceException[] checks = [Catalogue.RequestMalformed.For("EOF"), Catalogue.ModelNameInvalid.For("a b", "model"), Catalogue.BlobDigestInvalid.For("")];
        Assert.All(checks, c => Assert.Equal(("application/json; charset=utf-8", false), Form(Render(c, OllamaRoute.Create, phase))));

        static (string, bool) Form(HttpError error) => (error.ContentType, error.Chunked);
    }

    [Fact]
    public void Render_TheSameWhileItWorks_IsAChunkedObjectWithoutCharset()
    {
        InferenceException[] work = [Catalogue.ModelNameInvalid.For("a b", "from_model"), Catalogue.BlobDigestInvalid.For("bad"), Catalogue.FieldRequired.For("source")];
        Assert.All(work, c => Assert.Equal(("application/json", true), (Render(c, OllamaRoute.Create, ErrorPhase.Stream).ContentType, Render(c, OllamaRoute.Create, ErrorPhase.Stream).Chunked)));
    }

    // The law holds for texts of any length: only what goes on the wire is shortened.
    [Fact]
    public void Render_LongName_IsWhole()
    {
        var name = new string('n', 20_000);
        Assert.Equal($"{{\"error\":\"model '{name}' not found\"}}", Encoding.UTF8.GetString(Render(Catalogue.ModelNotFound.For(name), OllamaRoute.Chat, ErrorPhase.Whole).Body.Span));
    }

    private static HttpError Render(InferenceException thrown, OllamaRoute route, ErrorPhase phase) =>
        ErrorRenderer.Render(thrown.Error.ToStatus(), new ErrorContext(route) { Phase = phase });
}
