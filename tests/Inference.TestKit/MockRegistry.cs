using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Inference.TestKit;

/// <summary>
/// A registry on a free port of 127.0.0.1. It says what it was told to say, and 404 to everything else; blobs are fetched as from the public
/// one: a HEAD for the size, and a GET that leads to another host.
/// </summary>
public sealed class MockRegistry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<(string Method, string Path), RequestDelegate> _answers = new();
    private readonly ConcurrentQueue<MockRequest> _requests = new();

    private MockRegistry(WebApplication app) => _app = app;

    /// <summary>Host and port: the first part of a model's name.</summary>
    public string Host { get; private set; } = "";

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<MockRequest> Requests => [.. _requests];

    public static async Task<MockRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var registry = new MockRegistry(builder.Build());
        registry._app.Run(registry.AnswerAsync);
        await registry._app.StartAsync();
        registry.Host = new Uri(registry._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;
        return registry;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Says this to one request.</summary>
    public void Say(string method, string path, int status, string body = "", params (string Name, string Value)[] headers) =>
        _answers[(method, path)] = async http =>
        {
            http.Response.StatusCode = status;
            foreach (var (name, value) in headers)
            {
                http.Response.Headers.Append(name, value);
            }

            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        };

    /// <summary>Answers one request by code.</summary>
    public void Say(string method, string path, RequestDelegate answer) => _answers[(method, path)] = answer;

    /// <summary>Has this text as a model's manifest.</summary>
    /// <param name="model">For example <c>ns/m</c>.</param>
    /// <param name="manifest">The text.</param>
    public void Manifest(string model, string manifest) => Say("GET", $"/v2/{model}/manifests/latest", 200, manifest);

    /// <summary>Has a blob.</summary>
    /// <param name="model">Of which model.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="digest">The digest to have it under; null for the right one.</param>
    /// <returns>The digest.</returns>
    public string Blob(string model, byte[] content, string? digest = null)
    {
        digest ??= $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
        var path = $"/v2/{model}/blobs/{digest}";
        _answers[("HEAD", path)] = http =>
        {
            http.Response.ContentLength = content.Length;
            return Task.CompletedTask;
        };
        Say("GET", path, 307, "", ("Location", $"http://localhost:{Host.Split(':')[1]}/direct/{digest}"));
        _answers[("GET", $"/direct/{digest}")] = async http =>
        {
            http.Response.StatusCode = 206;
            await http.Response.Body.WriteAsync(content);
        };
        return digest;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        _requests.Enqueue(new MockRequest(
            http.Request.Method, http.Request.Path, http.Request.QueryString.ToString(),
            http.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync()));
        if (_answers.TryGetValue((http.Request.Method, http.Request.Path.Value!), out var answer))
        {
            await answer(http);
        }
        else
        {
            http.Response.StatusCode = 404;
        }
    }
}
