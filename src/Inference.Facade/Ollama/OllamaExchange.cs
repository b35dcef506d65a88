using System.Buffers;
using System.Globalization;
using Inference.Errors;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;
using Inference.HttpErrors;
using Inference.Services;
using Inference.Services.Calls;
using Inference.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Inference.Facade.Ollama;

/// <summary>One request on an Ollama route, and the ways to answer it.</summary>
internal sealed class OllamaExchange
{
    // net/http, server.go: bufferBeforeChunkingSize. A body that fits gets a Content-Length, a longer one is sent in chunks.
    private const int LargestCounted = 2048;

    private const int BodyPiece = 128 * 1024;

    private readonly HttpContext _http;
    private ErrorPhase _phase = ErrorPhase.Whole;

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

    /// <summary>Whose words errors have.</summary>
    public ErrorDialect Dialect => Service<IOptions<FacadeOptions>>().Value.Dialect;

    public bool IsHead => HttpMethods.IsHead(_http.Request.Method);

    /// <summary>What fills a parameter of the path.</summary>
    public string Parameter(string name) => _http.Request.RouteValues[name] as string ?? "";

    public string UserAgent => _http.Request.Headers.UserAgent.ToString();

    public CancellationToken Aborted => _http.RequestAborted;

    public T Service<T>() where T : notnull => _http.RequestServices.GetRequiredService<T>();

    /// <summary>Reads the body into <paramref name="target"/>. Its content type is not looked at, as in Ollama.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED.</exception>
    public async Task<T> ReadAsync<T>(GoStruct<T> shape, T target)
    {
        LiftLimit();
        using var body = new MemoryStream((int)Math.Clamp(_http.Request.ContentLength ?? 0, 0, 1 << 20));
        try
        {
            await _http.Request.Body.CopyToAsync(body, Aborted);
        }
        catch (Exception e) when (e is BrokenBodyException or BadHttpRequestException)
        {
            _http.Response.Headers.Connection = "close"; // nobody knows where a next request would begin
            OllamaBody.DecodeBroken(body.GetBuffer().AsMemory(0, (int)body.Length), shape, target, e is BrokenBodyException ? e.Message : "unexpected EOF");
            return target;
        }

        OllamaBody.Decode(body.GetBuffer().AsMemory(0, (int)body.Length), shape, target);
        return target;
    }

    /// <summary>The body as it is, piece by piece; a piece is gone with the next.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> BodyAsync()
    {
        LiftLimit();
        var piece = new byte[BodyPiece];
        while (await ReadAsync(piece) is > 0 and var read)
        {
            yield return piece.AsMemory(0, read);
        }
    }

    /// <summary>Answers with one object.</summary>
    public Task ReplyAsync(Action<GoJsonWriter> write, string contentType = OllamaTypes.Json)
    {
        var body = new ArrayBufferWriter<byte>(512);
        write(new GoJsonWriter(body));
        return SendAsync(200, contentType, body.WrittenMemory);
    }

    /// <summary>Answers with nothing but a status.</summary>
    public void Done(int status = 200)
    {
        _http.Response.StatusCode = status;
        if (!IsHead)
        {
            _http.Response.ContentLength = 0;
        }
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

    /// <summary>Answers with a text.</summary>
    public Task PageAsync(int status, string contentType, string text) => SendAsync(status, contentType, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>From here on the answer is a stream of lines, each of which begins with the model and the time.</summary>
    public OllamaLines Stream(string model)
    {
        _phase = ErrorPhase.Stream;
        return Lines = new OllamaLines(_http.Response, Time, model);
    }

    /// <summary>From here on the answer is that of a long operation.</summary>
    /// <param name="streams">Line by line, or only the last.</param>
    public IOperationWriter Operation(bool streams)
    {
        _phase = streams ? ErrorPhase.Stream : ErrorPhase.Awaited;
        return streams ? new OperationLines(_http.Response) : new OperationEnd(this);
    }

    /// <summary>Says where the answer is less than what was asked for, while there are still headers to say it in.</summary>
    public void Warn(IEnumerable<Warning> warnings)
    {
        if (_http.Response.HasStarted)
        {
            return;
        }

        foreach (var warning in warnings)
        {
            _http.Response.Headers.Append(OllamaWarnings.Header, OllamaWarnings.Format(warning));
        }
    }

    /// <summary>Answers with what went wrong.</summary>
    public async Task FailAsync(Exception thrown)
    {
        var error = Service<Failures>().Translate(thrown, Call.RequestId, _http.Request.Path, callerGone: Aborted.IsCancellationRequested);
        var started = _http.Response.HasStarted;
        var reply = ErrorRenderer.Render(error.ToStatus(), new ErrorContext(Route)
        {
            Phase = started ? ErrorPhase.StreamStarted : _phase,
            Dialect = Dialect,
            RequestId = Call.RequestId,
        });
        if (started)
        {
            await _http.Response.BodyWriter.WriteAsync(reply.Body);
            return;
        }

        // There is no answer to be less than what was asked for.
        _http.Response.Headers.Remove(OllamaWarnings.Header);
        if (reply.RetryAfter is { } wait)
        {
            _http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        await SendAsync(reply.Status, reply.ContentType, reply.Body, reply.Chunked);
    }

    // There is no limit there; images and whole conversations are long, and weights longer.
    private void LiftLimit()
    {
        if (_http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    private async ValueTask<int> ReadAsync(Memory<byte> piece)
    {
        try
        {
            return await _http.Request.Body.ReadAsync(piece, Aborted);
        }
        catch (Exception e) when (e is BrokenBodyException or BadHttpRequestException)
        {
            _http.Response.Headers.Connection = "close"; // nobody knows where a next request would begin
            throw Catalogue.RequestMalformed.Because(e, e is BrokenBodyException ? e.Message : "unexpected EOF");
        }
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

        if (!IsHead)
        {
            await response.BodyWriter.WriteAsync(body);
        }
    }
}
