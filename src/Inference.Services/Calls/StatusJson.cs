using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Rpc;
using Inference.Errors;
using Microsoft.AspNetCore.Http;

namespace Inference.Services.Calls;

/// <summary>A failure as JSON transcoding writes its own: a google.rpc.Status with its details, for what never reaches the transcoder.</summary>
internal static class StatusJson
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(ErrorTypes.Registry));
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext http, int statusCode, Error error)
    {
        http.Response.StatusCode = statusCode;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = null;
#pragma warning disable RS0030 // the one place that writes a status as JSON
        return http.Response.WriteAsync(Text(error.ToStatus().Fitted()), http.RequestAborted);
#pragma warning restore RS0030
    }

    // protobuf's formatter puts blanks between tokens.
    private static string Text(Status status) => JsonNode.Parse(Formatter.Format(status))!.ToJsonString(Compact);
}
