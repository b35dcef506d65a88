using System.Net.Http;
using System.Net.Http.Headers;
using Inference.FuzzTests.Json;

namespace Inference.FuzzTests.Facade;

/// <summary>A request to the façade: mostly to a route, mostly in its method, with a body that is mostly close to what it wants.</summary>
internal sealed record FuzzRequest(string Method, string Path, byte[] Body)
{
    private static readonly string[] Paths = [.. Meant.All.Keys];
    private static readonly string[] Bare = ["/", "/api/version", "/api/tags", "/api/ps", "/v1/models", "/v1/models/m", "/v1/models/nope", "/api/status"];
    private static readonly string[] Crooked = ["/api/generate/", "/API/chat", "/api/chat/x", "/v1", "/api", "/api/show?x=1", "/%20", "/v1/models/%2F", "/v1/models/a:cloud:local", "/inference/v1/nope", "/api/%67enerate"];

    public static FuzzRequest Make(Random random)
    {
        var path = Paths[random.Next(Paths.Length)];
        var body = Documents.Make(random, Meant.All[path], wrong: random.Next(3) * 3);
        body = random.Next(2) == 0 ? WithModel(body) : body;
        return random.Next(20) switch
        {
            0 => new(Any(random, "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"), path, body),
            1 => new(Any(random, "GET", "HEAD", "POST"), Any(random, Bare), []),
            2 => new(Any(random, "GET", "POST"), Any(random, Crooked), body),
            3 or 4 or 5 => new("POST", path, Bytes.Damaged(random, body)),
            _ => new("POST", path, body),
        };
    }

    public IEnumerable<FuzzRequest> Smaller() => Bytes.Smaller(Body).Select(b => this with { Body = b });

    public string Show() => $"{Method} {Path}\n{Bytes.Show(Body)}";

    public HttpRequestMessage ToHttp() => new(new HttpMethod(Method), Path)
    {
        Content = Method is "GET" or "HEAD" or "OPTIONS" ? null : new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    // Without a model that is there, little happens.
    private static byte[] WithModel(byte[] body)
    {
        var after = body.AsSpan().IndexOf((byte)'{') + 1;
        var isEmpty = body.AsSpan(after).TrimStart(" \t\r\n"u8) is [(byte)'}', ..];
        return [.. body[..after], .. "\"model\":\"m\""u8, .. isEmpty ? ""u8 : ","u8, .. body[after..]];
    }

    private static string Any(Random random, params string[] values) => values[random.Next(values.Length)];
}
