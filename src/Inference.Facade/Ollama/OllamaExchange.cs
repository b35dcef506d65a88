using System.Buffers;
using System.Globalization;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;
using Inference.Services;
using Inference.Services.Calls;
using Inference.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.Facade.Ollama;

/// <summary>One request on an Ollama route, and the ways to answer it.</summary>
internal sealed class OllamaExchange
{
    // net/http, server.go: bufferBeforeChunkingSize. A body that fits gets a Content-Length, a longer one is sent in chunks.
    private const int LargestCounted = 2048;

    private readonly HttpContext _http;

    public OllamaExchange(HttpContext http, OllamaRoute route)
    {
        _http = http;
        Route = route;
        Time = http.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System;
        Call = http.GetCall() with { Lenient = true };
    }

    public OllamaRoute Route { get; }

    public TimeProvider Time { get; }

    public CallInfo Call { get; }

    /// <summary>The stream of lines, once one was asked for.</summary>
    public OllamaLines? Lines { get; private set; }

    public string UserAgent => _http.Request.Headers.UserAgent.ToString();

    public CancellationToken Aborted => _http.RequestAborted;

    public T Service<T>() where T : notnull => _http.RequestServices.GetRequiredService<T>();

    /// <summary>Reads the body into <paramref name="target"/>. Its content type is not looked at, as in Ollama.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED.</exception>
    public async Task<T> ReadAsync<T>(GoStruct<T> shape, T target)
    {
        // There is no limit there; images and whole conversations are long.
        if (_http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        using var body = new MemoryStream((int)Math.Clamp(_http.Request.ContentLength ?? 0, 0, 1 << 20));
        try
        {
            await _http.Request.Body.CopyToAsync(body, Aborted);
        }
        catch (BadHttpRequestException broken)
        {
            throw Catalogue.RequestMalformed.Because(broken, _http.Request.ContentLength is null ? "invalid byte in chunk length" : "unexpected EOF");
        }

        OllamaBody.Decode(body.GetBuffer().AsMemory(0, (int)body.Length), shape, target);
        return target;
    }

    /// <summary>Answers with one object.</summary>
    public Task ReplyAsync(Action<GoJsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(512);
        write(new GoJsonWriter(body));
        return SendAsync(200, OllamaTypes.Json, body.WrittenMemory);
    }

    /// <summary>Answers with one object of generate or chat.</summary>
    /// <param name="model">The model, spelled as in the request.</param>
    /// <param name="write">Writes the members after the model and the time.</param>
    public Task ReplyAsync(string model, Action<GoJsonWriter> write) => ReplyAsync(json =>
    {
        OllamaHead.Write(json, model, Time);
        write(json);
        json.Raw("}"u8);
    });

    /// <summary>Sends the client elsewhere, as net/http does: with a page for GET, with its content type also for HEAD.</summary>
    public Task RedirectAsync(int status, string target, string? page = null)
    {
        _http.Response.Headers.Location = target;
        if (page is not null)
        {
            return PageAsync(status, OllamaTypes.Html, page);
        }

        _http.Response.StatusCode = status;
        if (HttpMethods.IsHead(_http.Request.Method))
        {
            _http.Response.ContentType = OllamaTypes.Html;
        }
        else
        {
            _http.Response.ContentLength = 0;
        }

        return Task.CompletedTask;
    }

    /// <summary>Answers with a text.</summary>
    public Task PageAsync(int status, string contentType, string text) => SendAsync(status, contentType, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>From here on the answer is a stream of lines, each of which begins with the model and the time.</summary>
    public OllamaLines Stream(string model) => Lines = new OllamaLines(_http.Response, Time, model);

    /// <summary>Says where the answer is less than what was asked for, while there are still headers to say it in.</summary>
    public void Warn(IEnumerable<Warning> warnings) => WarningHeader.Append(_http, warnings);

    /// <summary>Answers with what went wrong.</summary>
    public async Task FailAsync(Exception thrown)
    {
        var error = Service<Failures>().Translate(thrown, Call.RequestId, _http.Request.Path, callerGone: Aborted.IsCancellationRequested);
        var started = _http.Response.HasStarted;
        var phase = started ? OllamaPhase.StreamStarted : Lines is null ? OllamaPhase.Whole : OllamaPhase.Stream;
        var reply = OllamaErrors.Render(error.ToStatus(), Route, phase);
        if (started)
        {
            await _http.Response.BodyWriter.WriteAsync(reply.Body);
            return;
        }

        // There is no answer to be less than what was asked for.
        _http.Response.Headers.Remove(WarningHeader.Name);
        if (reply.RetryAfter is { } wait)
        {
            _http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        await SendAsync(reply.Status, reply.ContentType, reply.Body, reply.Chunked);
    }

    private async Task SendAsync(int status, string contentType, ReadOnlyMemory<byte> body, bool chunked = false)
    {
        var response = _http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        if (body.Length <= LargestCounted && !chunked)
        {
            response.ContentLength = body.Length;
        }

        if (!HttpMethods.IsHead(_http.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body);
        }
    }
}
