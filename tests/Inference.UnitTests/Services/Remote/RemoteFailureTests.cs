using Google.Rpc;
using Grpc.Core;
using Inference.Errors;
using Inference.TestKit;
using Inference.V1;

namespace Inference.UnitTests.Services.Remote;

/// <summary>Each way in which another server fails is a reason of the catalogue, with what a program needs to act on it.</summary>
public sealed class RemoteFailureTests : RemoteScene
{
    [Theory]
    [InlineData(404, "REMOTE_MODEL_NOT_FOUND", StatusCode.NotFound)]
    [InlineData(429, "REMOTE_BUSY", StatusCode.ResourceExhausted)]
    [InlineData(503, "REMOTE_BUSY", StatusCode.ResourceExhausted)]
    [InlineData(400, "REMOTE_REFUSED", StatusCode.FailedPrecondition)]
    [InlineData(403, "REMOTE_REFUSED", StatusCode.FailedPrecondition)]
    [InlineData(500, "REMOTE_FAILED", StatusCode.Internal)]
    [InlineData(502, "REMOTE_FAILED", StatusCode.Internal)]
    public async Task Chat_StatusOfFailure_IsTyped(int status, string reason, StatusCode code)
    {
        Answers = _ => new MockAnswer(status, """{"error":"no \"luck\""}""");

        var stored = await FailsAsync(() => ChatAsync(new() { Model = "r", Messages = { User("x") } }));
        var named = await FailsAsync(() => ChatAsync(new() { Model = "big:cloud", Messages = { User("x") } }));

        foreach (var error in new[] { stored, named })
        {
            Assert.Equal((reason, code), (error.Kind.Reason, error.Kind.Code));
            Assert.Equal(("127.0.0.1", $"{status}", "no \"luck\""), (error.Facts["host"], error.Facts["http_status"], error.Facts["detail"]));
            Assert.Equal(new OllamaForm(status, "no \"luck\""), error.ToOllama(OllamaRoute.Chat));
        }

        Assert.Equal(("big:20b", "big"), (stored.Facts["model"], named.Facts["model"]));
        Assert.Empty(Collected.Messages);
    }

    [Fact]
    public async Task Chat_Busy_SaysWhenToReturn()
    {
        Answers = static _ => new MockAnswer(429, """{"error":"slow down"}""");

        var status = (await FailsAsync(() => ChatAsync(new() { Model = "r", Messages = { User("x") } }))).ToStatus();

        Assert.Contains(status.Details, static d => d.Is(RetryInfo.Descriptor));
        Assert.Contains(status.Details, static d => d.Is(QuotaFailure.Descriptor));
    }

    [Fact]
    public async Task Chat_NotSignedIn_NamesThePage()
    {
        Answers = static r => new MockAnswer(401, r.Model == "big" ? """{"error":"unauthorized","signin_url":"https://there.example/in"}""" : "{}");

        var stored = await FailsAsync(() => ChatAsync(new() { Model = "r", Messages = { User("x") } }));
        var named = await FailsAsync(() => ChatAsync(new() { Model = "big:cloud", Messages = { User("x") } }));

        Assert.Equal((Catalogue.SigninRequired, Catalogue.SigninRequired), (stored.Kind, named.Kind));
        Assert.StartsWith("https://ollama.com/connect?name=", stored.Facts["signin_url"], StringComparison.Ordinal);
        Assert.Equal("https://there.example/in", named.Facts["signin_url"]);
    }

    [Fact]
    public async Task Chat_NoKey_IsToldByWhatItIsFor()
    {
        RemoveKey();
        AddRemote("official", "https://ollama.com:443");
        Answers = static _ => new MockAnswer(401, "{}");

        var unsigned = await FailsAsync(() => ChatAsync(new() { Model = "official", Messages = { User("x") } }));
        var unnamed = await FailsAsync(() => ChatAsync(new() { Model = "r", Messages = { User("x") } }));
        var cloud = await FailsAsync(() => ChatAsync(new() { Model = "big:cloud", Messages = { User("x") } }));

        Assert.Equal((Catalogue.IdentityUnreadable, Catalogue.IdentityUnreadable, Catalogue.SigninRequired), (unsigned.Kind, unnamed.Kind, cloud.Kind));
        Assert.EndsWith("id_ed25519: no such file or directory", unsigned.ToOllama(OllamaRoute.Chat).Text, StringComparison.Ordinal);
        Assert.Equal(new OllamaForm(500, "error getting authorization details"), unnamed.ToOllama(OllamaRoute.Chat));
        Assert.Equal("", cloud.Facts["signin_url"]);
    }

    [Fact]
    public async Task Chat_NobodyThere_IsUnavailable()
    {
        AddRemote("dead", "http://127.0.0.1:9");

        var error = await FailsAsync(() => ChatAsync(new() { Model = "dead", Messages = { User("x") } }));

        Assert.Equal((Catalogue.RemoteUnavailable, "127.0.0.1"), (error.Kind, error.Facts["host"]));
        Assert.Equal(new OllamaForm(500, "Post \"http://127.0.0.1:9/api/chat\": dial tcp 127.0.0.1:9: connect: connection refused"), error.ToOllama(OllamaRoute.Chat));
        Assert.NotNull(error.RetryAfter);
    }

    [Theory]
    [InlineData("https://elsewhere.example", "REMOTE_MODEL_UNSUPPORTED", "this server cannot run this remote model")]
    [InlineData("http://[bad", "MODEL_CORRUPT", "parse \"http://[bad\": missing ']' in host")]
    [InlineData("ftp://127.0.0.1", "REMOTE_UNAVAILABLE", "Post \"ftp://127.0.0.1/api/chat\": unsupported protocol scheme \"ftp\"")]
    public async Task Chat_AddressThatCannotBeUsed_IsRefused(string address, string reason, string text)
    {
        AddRemote("x", address);

        var error = await FailsAsync(() => ChatAsync(new() { Model = "x", Messages = { User("x") } }));

        Assert.Equal((reason, text), (error.Kind.Reason, error.ToOllama(OllamaRoute.Chat).Text));
    }

    [Theory]
    [InlineData("{\"message\":{\"content\":\"A\"},\"done\":false}\n{\"error\":\"boom\"}\n", "boom")]
    [InlineData("{\"message\":{\"content\":\"A\"},\"done\":false}\nnot json\n", "not json")]
    [InlineData("{\"message\":{\"content\":\"A\"},\"done\":false}\n", "unexpected EOF")]
    public async Task Chat_FailsMidway_EndsWithAFinishAndTheReason(string body, string detail)
    {
        Answers = _ => new MockAnswer(200, body, "application/x-ndjson");

        var error = await FailsAsync(() => ChatAsync(new() { Model = "r", Messages = { User("x") } }));

        Assert.Equal((Catalogue.RemoteFailed, "200", detail), (error.Kind, error.Facts["http_status"], error.Facts["detail"]));
        Assert.Equal("Start Text Finish", Collected.Shape);
        Assert.Equal(FinishReason.Error, Collected.Finish!.Reason);
    }

    [Fact]
    public async Task Chat_ConnectionBreaksMidway_IsAFailureOfTheRemote()
    {
        var seen = new TaskCompletionSource();
        Collected.OnMessage = _ =>
        {
            seen.TrySetResult();
            return Task.CompletedTask;
        };
        Answers = _ => new MockAnswer(200, "{\"message\":{\"content\":\"A\"},\"done\":false}\n", "application/x-ndjson") { BreaksAfter = seen.Task };

        var error = await FailsAsync(() => ChatAsync(new() { Model = "r", Messages = { User("x") } }));

        Assert.Equal((Catalogue.RemoteFailed, "unexpected EOF"), (error.Kind, error.Facts["detail"]));
    }
}
