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
using Microsoft.AspNetCore.Routing;
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
    private ErrorForm _form = ErrorForm.Ollama;
    private ErrorPhase _phase = ErrorPhase.Whole;
    private bool _understood = true;
    private Func<ValueTask>? _breakOff;
    private Func<OllamaForm, string, Task>? _tell;

    public OllamaExchange(HttpContext http, OllamaRoute route)
    {
        _http = http;
        Route = route;
        Time = http.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System;
        Call = http.GetCall() with { Lenient = true };
    }

    /// <summary>Whose words errors have.</summary>
    public OllamaRoute Route { get; private set; }

    public TimeProvider Time { get; }

    public CallInfo Call { get; }

    /// <summary>Whose words errors have.</summary>
    public ErrorDialect Dialect => Service<IOptions<FacadeOptions>>().Value.Dialect;

    public bool IsHead => _http.Request.Method == "HEAD";

    public string UserAgent => _http.Request.Headers.UserAgent.ToString();

    /// <summary>What stands in the path for a parameter of the route.</summary>
    public string Parameter(string name) => _http.GetRouteValue(name) as string ?? "";

    public string ContentEncoding => _http.Request.Headers.ContentEncoding.FirstOrDefault() ?? "";

    public string ContentType => _http.Request.Headers.ContentType.FirstOrDefault() ?? "";

    public CancellationToken Aborted => _http.RequestAborted;

    public T Service<T>() where T : notnull => _http.RequestServices.GetRequiredService<T>();

    /// <summary>The body, once it was read.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    public HttpRequest Request => _http.Request;

    public HttpResponse Response => _http.Response;

    /// <summary>Reads the body into <paramref name="target"/>. Its content type is not looked at, as in Ollama.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED.</exception>
    public async Task<T> ReadAsync<T>(GoStruct<T> shape, T target)
    {
        var (body, fault) = await BodyAsync();
        if (fault is null)
        {
            OllamaBody.Decode(body, shape, target);
        }
        else
        {
            OllamaBody.DecodeBroken(body, shape, target, fault);
        }

        return target;
    }

    /// <summary>Reads the body as it was sent.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync()
    {
        var (body, fault) = await BodyAsync();
        return fault is null ? body : throw Catalogue.RequestMalformed.For(fault);
    }

    /// <summary>The body as it is, piece by piece; a piece is gone with the next.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync()
    {
        LiftLimit();
        var piece = new byte[BodyPiece];
        while (await ReadAsync(piece) is > 0 and var read)
        {
            yield return piece.AsMemory(0, read);
        }
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

    /// <summary>From here on failures are told in another shape, and as those of a body that is not understood yet.</summary>
    public void Speak(ErrorForm form) => (_form, _understood) = (form, false);

    /// <summary>From here on it is the request of a native route: failures have its words.</summary>
    public void Understood(OllamaRoute route) => (Route, _understood) = (route, true);

    /// <summary>Answers with one object.</summary>
    public Task ReplyAsync(Action<GoJsonWriter> write, string contentType = OllamaTypes.Json) => WriteAsync(contentType, write);

    /// <summary>Answers with one object as the writers of the /v1 routes do: with an end of line.</summary>
    public Task ReplyLineAsync(Action<GoJsonWriter> write) => WriteAsync(OllamaTypes.BareJson, json =>
    {
        write(json);
        json.Raw("\n"u8);
    });

    /// <summary>Answers with events that are all there.</summary>
    public Task ReplyEventsAsync(Action<GoJsonWriter> write) => WriteAsync(OllamaTypes.Events, write);

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
        Stream();
        return new OllamaLines(_http.Response, Time, model);
    }

    /// <summary>From here on the answer is a stream of events.</summary>
    /// <param name="breakOff">Ends it where it fails after it has begun.</param>
    public EventStream Events(Func<ValueTask>? breakOff = null)
    {
        Stream(breakOff);
        return new EventStream(_http.Response);
    }

    /// <summary>From here on the answer is a stream.</summary>
    /// <param name="breakOff">Ends it where it fails after it has begun; else a last line tells the failure.</param>
    public void Stream(Func<ValueTask>? breakOff = null) => (_phase, _breakOff) = (ErrorPhase.Stream, breakOff);

    /// <summary>From here on a failure before the beginning is told by the route itself.</summary>
    /// <param name="tell">Takes status and text, and where to sign in.</param>
    public void Tell(Func<OllamaForm, string, Task> tell) => _tell = tell;

    /// <summary>Says in the headers that events will come, whatever comes then.</summary>
    public void PromiseEvents()
    {
        var headers = _http.Response.Headers;
        (headers.ContentType, headers.CacheControl, headers.Connection) = (OllamaTypes.Events, "no-cache", "keep-alive");
    }

    /// <summary>From here on the answer is that of a long operation.</summary>
    /// <param name="streams">Line by line, or only the last.</param>
    public IOperationWriter Operation(bool streams)
    {
        _phase = streams ? ErrorPhase.Stream : ErrorPhase.Awaited;
        return streams ? new OperationLines(_http.Response) : new OperationEnd(this);
    }

    /// <summary>Says where the answer is less than what was asked for, while there are still headers to say it in.</summary>
    public void Warn(IEnumerable<Warning> warnings) => WarningHeader.Append(_http, warnings);

    /// <summary>The same of options, which nobody behind the door gets to see.</summary>
    public void WarnOf(OllamaOptions options)
    {
        Warn(options.Warnings);
        Service<Telemetry>().Warned(options.Warnings);
    }

    /// <summary>Answers with what went wrong.</summary>
    public async Task FailAsync(Exception thrown)
    {
        var error = Service<Failures>().Translate(thrown, Call.RequestId, _http.Request.Path, callerGone: Aborted.IsCancellationRequested);
        var started = _http.Response.HasStarted;
        if (started && _breakOff is { } breakOff)
        {
            await breakOff();
            return;
        }

        if (!started && _tell is { } tell)
        {
            _http.Response.Headers.Remove(WarningHeader.Name);
            await tell(error.Kind.OllamaFormOf(error.Facts, Route, Dialect), error.Facts["signin_url"]);
            return;
        }

        var reply = ErrorRenderer.Render(error.ToStatus(), new ErrorContext(Route)
        {
            Form = _form,
            Phase = started ? ErrorPhase.StreamStarted : !_understood ? ErrorPhase.Decoding : _phase,
            Dialect = Dialect,
            RequestId = Call.RequestId,
        });
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

        // gin's c.JSON leaves a content type that is set already; the writers behind it do not.
        var set = _understood ? null : _http.Response.ContentType;
        await SendAsync(reply.Status, set ?? reply.ContentType, reply.Body, reply.Chunked);
    }

    private Task WriteAsync(string contentType, Action<GoJsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(512);
        write(new GoJsonWriter(body));
        return SendAsync(200, contentType, body.WrittenMemory);
    }

    // What came of it, and why no more came; null if all did.
    private async Task<(ReadOnlyMemory<byte> Body, string? Fault)> BodyAsync()
    {
        LiftLimit();
        var body = new MemoryStream((int)Math.Clamp(_http.Request.ContentLength ?? 0, 0, 1 << 20));
        string? fault = null;
        try
        {
            await _http.Request.Body.CopyToAsync(body, Aborted);
        }
        catch (Exception e) when (e is BadHttpRequestException || BrokenBodyException.In(e) is not null)
        {
            fault = BrokenBodyException.In(e)?.Message ?? "unexpected EOF";
        }

        Body = body.GetBuffer().AsMemory(0, (int)body.Length);
        return (Body, fault);
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
        catch (Exception e) when (e is BadHttpRequestException || BrokenBodyException.In(e) is not null)
        {
            throw Catalogue.RequestMalformed.Because(e, BrokenBodyException.In(e)?.Message ?? "unexpected EOF");
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
