using Inference.Facade.Ollama.Paths;

namespace Inference.UnitTests.Facade.Ollama.Paths;

public sealed class GinRoutesTests
{
    private static readonly GinRoutes<string> Routes = Table(
        "POST /api/generate", "GET /", "HEAD /", "GET /api/tags", "HEAD /api/tags", "DELETE /api/delete", "GET /v1/models", "GET /v1/models/:model",
        "POST /api/blobs/:digest", "HEAD /api/blobs/:digest", "GET /v1/models/all", "DELETE /api/user/keys/:key", "GET /api/user/keys/:key/uses");

    [Theory]
    [InlineData("GET", "/api/tags", "/api/tags", "")]
    [InlineData("POST", "/api/blobs/sha256:0", "/api/blobs/:digest", "digest=sha256:0")]
    [InlineData("HEAD", "/api/blobs/a b", "/api/blobs/:digest", "digest=a b")]
    [InlineData("GET", "/v1/models/all", "/v1/models/all", "")]
    [InlineData("GET", "/v1/models/allx", "/v1/models/:model", "model=allx")]
    [InlineData("GET", "/api/user/keys/k/uses", "/api/user/keys/:key/uses", "key=k")]
    public void Find_Route_HasItsParameters(string method, string path, string route, string parameters)
    {
        var choice = Routes.Find(method, path);

        Assert.Equal((route, parameters), (choice.Route, string.Join('&', choice.Parameters!.Select(static p => $"{p.Key}={p.Value}"))));
    }

    [Theory]
    [InlineData("GET", "/api/tags/", true)]
    [InlineData("HEAD", "/api/tags/", true)]
    [InlineData("POST", "/api/tags/", false)]
    [InlineData("POST", "/api/generate/", true)]
    [InlineData("GET", "/api/generate/", false)]
    [InlineData("GET", "/v1/models/", true)]
    [InlineData("GET", "/v1/models/x/", true)]
    [InlineData("GET", "/v1/models/x/y/", false)]
    [InlineData("POST", "/api/blobs/x/", true)]
    [InlineData("POST", "/api/blobs/", false)]
    [InlineData("POST", "/api/blobs", false)]
    [InlineData("POST", "/api/blobs//", true)]
    [InlineData("GET", "/api", false)]
    [InlineData("GET", "/API/tags/", false)]
    [InlineData("FOO", "/api/tags/", false)]
    public void Find_PathWithASlashMoreOrLess_IsSentOnIfTheMethodHasTheOther(string method, string path, bool redirect)
    {
        var choice = Routes.Find(method, path);

        Assert.Equal((redirect, null), (choice.IsRedirect, choice.Route));
    }

    [Theory]
    [InlineData("POST", "/", "HEAD, GET")]
    [InlineData("FOO", "/api/tags", "HEAD, GET")]
    [InlineData("GET", "/api/generate", "POST")]
    [InlineData("GET", "/api/blobs/x", "HEAD, POST")]
    [InlineData("get", "/api/tags", "HEAD, GET")]
    [InlineData("POST", "/api/tags/", null)]
    [InlineData("GET", "/nope", null)]
    [InlineData("GET", "/v1/models/x/y", null)]
    public void Find_OtherMethod_NamesThoseThatHaveARoute(string method, string path, string? allow)
    {
        var choice = Routes.Find(method, path);

        Assert.Equal((allow, null, false), (choice.Allow, choice.Route, choice.IsRedirect));
    }

    private static GinRoutes<string> Table(params string[] routes)
    {
        var table = new GinRoutes<string>();
        foreach (var (method, path) in routes.Select(static r => (r.Split(' ')[0], r.Split(' ')[1])))
        {
            table.Add(method, path, path);
        }

        return table;
    }
}
