using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Inference.Errors;
using Inference.Services.Transcoding;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Status = Google.Rpc.Status;

namespace Inference.Services.Calls;

/// <summary>
/// Gives an entry of the catalogue to failures from before the interceptors run: a body that does not parse, a message over the limit,
/// an unknown method. gRPC ends such a call with a bare status, JSON transcoding with a bare body; neither has details, and their
/// words name .NET types. Costs a call that gets as far as the interceptors nothing: those end it with <see cref="Over"/>.
/// </summary>
internal sealed class EarlyFailures(RequestDelegate next, IOptions<ServiceOptions> options, Telemetry telemetry)
{
    private const string Details = "grpc-status-details-bin", Code = "grpc-status", Message = "grpc-message";

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithTypeRegistry(ErrorTypes.Registry));

    public Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var transcoded = endpoint?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>();
        var isMethod = transcoded is not null || endpoint?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;
        if (isMethod)
        {
            LimitBody(http, transcoded is not null);
        }

        return transcoded is not null ? TranscodedAsync(http, transcoded) : isMethod || http.IsGrpc() ? GrpcAsync(http) : next(http);
    }

    /// <summary>The interceptors have taken over; from here on the response goes straight out.</summary>
    public static void Over(HttpContext http)
    {
        if (http.Features.Get<HeldBack>() is { } held)
        {
            http.Features.Set<IHttpResponseBodyFeature>(held.Body);
            http.Features.Set<HeldBack>(null);
        }
    }

    // One limit for both doors. JSON transcoding knows only Kestrel's; gRPC judges by the length in a frame's head, and Kestrel's limit,
    // whichever of the two is met first, would end the call with words that say nothing of a size.
    private void LimitBody(HttpContext http, bool transcoded)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false, MaxRequestBodySize: not null } limit)
        {
            limit.MaxRequestBodySize = transcoded ? options.Value.MaxRequestBytes + 5L : null;
        }
    }

    private async Task TranscodedAsync(HttpContext http, GrpcJsonTranscodingMetadata transcoded)
    {
        using var written = new MemoryStream();
        var body = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        UnboundNames.Watch(http, transcoded);
        http.Features.Set(new HeldBack(body));
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(written, body));
        await next(http);
        if (http.Features.Get<HeldBack>() is null)
        {
            return;
        }

        Over(http);
        if (written.Length == 0)
        {
            return;
        }

        var bare = Parser.Parse<Status>(Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length));
        var error = Explain((StatusCode)bare.Code, bare.Message, http);
        await StatusJson.WriteAsync(http, error.Kind.Rest, error);
    }

    private async Task GrpcAsync(HttpContext http)
    {
        await next(http);
        var headers = http.Response.Headers;
        if (http.Response.HasStarted || headers.ContainsKey(Details) || headers[Code] is not [{ } code] || code == "0")
        {
            return; // a call that began, or one that the interceptor ended
        }

        var status = Explain((StatusCode)int.Parse(code, CultureInfo.InvariantCulture), Uri.UnescapeDataString(headers[Message].ToString()), http).ToStatus().Fitted();
        headers[Code] = status.Code.ToString(CultureInfo.InvariantCulture);
        headers[Message] = Encoded(status.Message);
        headers[Details] = Convert.ToBase64String(status.ToByteArray());
    }

    private Error Explain(StatusCode code, string said, HttpContext http)
    {
        var error = code switch
        {
            StatusCode.Unimplemented => Catalogue.FeatureUnsupported.For(Lacking(said, http)).Error,
            StatusCode.ResourceExhausted => TooLarge(),
            _ when said.StartsWith("Request body too large", StringComparison.Ordinal) => TooLarge(),
            StatusCode.DeadlineExceeded => Catalogue.DeadlineExceeded.For("queue").Error,
            StatusCode.Cancelled => Catalogue.RequestCancelled.For("queue").Error,
            _ => Catalogue.RequestMalformed.For(Malformed(http)).Error,
        };
        telemetry.Failed(error);
        return error;
    }

    // What gRPC says, and no more: the percent sign and what is not printable ASCII. A client need not decode any other sign.
    private static string Encoded(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var b in Encoding.UTF8.GetBytes(message))
        {
            _ = b is >= 0x20 and <= 0x7E and not (byte)'%' ? text.Append((char)b) : text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return text.ToString();
    }

    private static string Lacking(string said, HttpContext http) => said.StartsWith("Unsupported grpc-encoding", StringComparison.Ordinal)
        ? $"the grpc-encoding {http.Request.Headers["grpc-encoding"]}"
        : http.Request.Path.Value ?? "";

    // The framework's words name .NET types; these say what was looked at.
    private static string Malformed(HttpContext http)
    {
        var transcoded = http.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>();
        return transcoded is null
            ? http.IsGrpc() ? "the request is not the message that this method reads" : "the content type is not application/grpc"
            : transcoded.HttpRule.Body.Length == 0 ? "a query parameter has a value that its field does not take"
            : http.Request.HasJsonContentType() ? "the body is not the JSON that this route reads" : "the content type is not JSON";
    }

    private Error TooLarge() => Catalogue.RequestTooLarge.For(options.Value.MaxRequestBytes).Error;

    private sealed record HeldBack(IHttpResponseBodyFeature Body);
}
