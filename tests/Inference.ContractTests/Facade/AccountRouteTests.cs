using System.Net;
using System.Text;
using Inference.Store.Identity;
using Inference.Store.Remote;
using Inference.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Inference.ContractTests.Facade;

/// <summary>The account and what is passed on for it, against a server that stands in for ollama.com.</summary>
public sealed class AccountRouteTests : IAsyncLifetime
{
    private Func<MockRequest, MockAnswer> _answers = static _ => new MockAnswer(200, "{}");
    private MockUpstream _upstream = null!;
    private ServerHost _server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private KeyPair Keys => new(_server.Identity);

    public async ValueTask InitializeAsync()
    {
        _upstream = await MockUpstream.StartAsync(request => _answers(request));
        _server = await StartAsync(new CloudOptions { BaseUrl = _upstream.Url, AccountUrl = _upstream.Url });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Me_SignedIn_IsTheUser()
    {
        _answers = static _ => new MockAnswer(200, """{"name":"ann","id":"0190","email":"a@b","plan":"pro","avatarurl":"u","unknown":1}""");

        Assert.Equal((200, """{"id":"0190","email":"a@b","name":"ann","avatarurl":"u","plan":"pro"}"""), await SendAsync(HttpMethod.Post, "/api/me"));
        var request = _upstream.Requests.Single();
        Assert.Equal(("POST", "/api/me"), (request.Method, request.Path));
        Assert.StartsWith(Keys.PublicLine()["ssh-ed25519 ".Length..] + ":", request.Headers["Authorization"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, """{"error":"unauthorized","signin_url":"https://there.example/in"}""", """{"error":"unauthorized","signin_url":"https://there.example/in"}""")]
    [InlineData(401, """{"error":"unauthorized"}""", null)]
    [InlineData(200, """{"id":"","name":""}""", null)]
    public async Task Me_NotSignedIn_SaysWhereToSignIn(int status, string answer, string? expected)
    {
        _answers = _ => new MockAnswer(status, answer);

        var own = SigninUrl.Of(Keys, Dns.GetHostName()).Replace("&", "\\u0026", StringComparison.Ordinal);
        Assert.Equal((401, expected ?? $$"""{"error":"unauthorized","signin_url":"{{own}}"}"""), await SendAsync(HttpMethod.Post, "/api/me"));
    }

    [Theory]
    [InlineData(500, "{}")]
    [InlineData(403, """{"error":"no"}""")]
    [InlineData(200, "[")]
    [InlineData(200, "7")]
    public async Task Me_AnythingElse_IsUnavailable(int status, string answer)
    {
        _answers = _ => new MockAnswer(status, answer);

        Assert.Equal((503, """{"error":"account unavailable"}"""), await SendAsync(HttpMethod.Post, "/api/me"));
    }

    [Theory]
    [InlineData("POST", "/api/signout")]
    [InlineData("DELETE", "/api/user/keys/whatever")]
    public async Task SignOut_TakesItsOwnKeyOut(string method, string path)
    {
        Assert.Equal((200, "null"), await SendAsync(new HttpMethod(method), path));

        var key = Convert.ToBase64String(Encoding.UTF8.GetBytes(Keys.PublicLine())).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.Equal(("DELETE", $"/api/user/keys/{key}"), (_upstream.Requests.Single().Method, _upstream.Requests.Single().Path));
    }

    [Theory]
    [InlineData(401, 401, """{"error":"you are not currently signed in"}""")]
    [InlineData(404, 500, """{"error":"there was an error signing out"}""")]
    [InlineData(500, 500, """{"error":"there was an error signing out"}""")]
    public async Task SignOut_Refused_SaysWhetherAnybodyWas(int answer, int status, string body)
    {
        _answers = _ => new MockAnswer(answer, "{}");

        Assert.Equal((status, body), await SendAsync(HttpMethod.Post, "/api/signout"));
    }

    [Theory]
    [InlineData("/api/experimental/web_search", "/api/web_search")]
    [InlineData("/api/experimental/web_fetch", "/api/web_fetch")]
    public async Task Web_Body_IsPassedOnUnread(string path, string there)
    {
        _answers = static _ => new MockAnswer(429, """{"error":"rate limit exceeded"}""");

        Assert.Equal((429, """{"error":"rate limit exceeded"}"""), await SendAsync(HttpMethod.Post, path, "not { json"));
        Assert.Equal((there, "not { json"), (_upstream.Requests.Single().Path, _upstream.Requests.Single().Body));
        Assert.Equal((400, """{"error":"missing request body"}"""), await SendAsync(HttpMethod.Post, path, " \n"));
    }

    [Fact]
    public async Task Recommendations_AreTheCloudsAndAskedForOnce()
    {
        _answers = static _ => new MockAnswer(200, """{"recommendations":[{"model":"m","description":"d"}]}""");

        Assert.Equal((200, """{"recommendations":[{"model":"m","description":"d"}]}"""), await SendAsync(HttpMethod.Get, "/api/experimental/model-recommendations"));
        await SendAsync(HttpMethod.Get, "/api/experimental/model-recommendations");
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task Status_TellsTheCloudAndWhoDisabledIt()
    {
        Assert.Equal((200, """{"cloud":{"disabled":false,"source":"none"}}"""), await SendAsync(HttpMethod.Get, "/api/status"));
        await using var without = await StartAsync(new CloudOptions { Disabled = true });
        Assert.Equal("""{"cloud":{"disabled":true,"source":"env"}}""", await without.Http.GetStringAsync(new Uri("/api/status", UriKind.Relative), Ct));
        Assert.Equal("""{"recommendations":[]}""", await without.Http.GetStringAsync(new Uri("/api/experimental/model-recommendations", UriKind.Relative), Ct));
    }

    private static Task<ServerHost> StartAsync(CloudOptions cloud) => ServerHost.StartAsync(new ServerHostOptions
    {
        Configure = builder => builder.Services.AddSingleton(Options.Create(cloud)),
    });

    private async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        using var response = await _server.Http.SendAsync(request, Ct);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }
}
