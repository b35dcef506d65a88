using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.TestKit;

/// <summary>A request as the other server got it.</summary>
public sealed record MockRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Path and query.</summary>
    public string Target => Path + Query;

    /// <summary>The model that the body names.</summary>
    public string Model => Member("model");

    /// <summary>A text of the body's object.</summary>
    public string Member(string name)
    {
        if (Body.Length == 0)
        {
            return "";
        }

        using var json = JsonDocument.Parse(Body);
        return json.RootElement.TryGetProperty(name, out var value) ? value.ToString() : "";
    }
}

/// <summary>What it answers.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="ContentType">Its type.</param>
public sealed record MockAnswer(int Status, string Body, string ContentType = "application/json")
{
    /// <summary>Other headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The body was to go on, but then the connection breaks; null where it is whole.</summary>
    public Task? BreaksAfter { get; init; }
}

/// <summary>Another server on loopback: the cloud, or the one that a stored model lives on.</summary>
public sealed class MockUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<MockRequest> _requests = new();

    private MockUpstream(WebApplication app) => _app = app;

    /// <summary>For example <c>http://127.0.0.1:40001</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What has come so far.</summary>
    public IReadOnlyCollection<MockRequest> Requests => _requests;

    public static async Task<MockUpstream> StartAsync(Func<MockRequest, MockAnswer> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var upstream = new MockUpstream(app);
        app.Run(http => upstream.AnswerAsync(http, answer));
        await app.StartAsync();
        upstream.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http, Func<MockRequest, MockAnswer> answer)
    {
        using var reader = new StreamReader(http.Request.Body);
        var headers = http.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new MockRequest(http.Request.Method, http.Request.Path, http.Request.QueryString.ToString(), headers, await reader.ReadToEndAsync());
        _requests.Enqueue(request);
        var said = answer(request);
        http.Response.StatusCode = said.Status;
        http.Response.ContentType = said.ContentType;
        foreach (var (name, value) in said.Headers)
        {
            http.Response.Headers[name] = value;
        }

        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(said.Body));
        if (said.BreaksAfter is { } seen)
        {
            await http.Response.Body.FlushAsync();
            await seen;
            http.Abort();
        }
    }
}
