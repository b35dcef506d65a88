using System.Text;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Inference.Services.Transcoding;

/// <summary>
/// What a transcoded request names and its message lacks: fields in the body, parameters in the query. JSON transcoding drops these without
/// a word, so that a misspelt option would be an option that has no effect.
/// </summary>
internal sealed class UnboundNames
{
    private readonly List<string> _fromQuery = [];
    private readonly FieldScanner? _body;

    private UnboundNames(HttpContext http, MethodDescriptor method, HttpRule rule)
    {
        foreach (var name in http.Request.Query.Keys)
        {
            if (rule.Body == "*" || http.GetRouteData().Values.ContainsKey(name) || !Binds(method.InputType, name))
            {
                _fromQuery.Add(name);
            }
        }

        if (rule.Body == "*")
        {
            _body = new FieldScanner(method.InputType);
            http.Request.Body = new ScannedBody(http.Request.Body, _body, EncodingOf(http.Request));
        }
    }

    /// <summary>Looks at the query, and at the body as it is read.</summary>
    public static void Watch(HttpContext http, GrpcJsonTranscodingMetadata transcoded) => http.Features.Set(new UnboundNames(http, transcoded.MethodDescriptor, transcoded.HttpRule));

    /// <summary>Warns of what was found in the request, once it is read.</summary>
    /// <exception cref="Errors.InferenceException">STRICT_VIOLATION, where the request wants that.</exception>
    public static void Report(HttpContext http, IMessage request, Telemetry telemetry)
    {
        if (http.Features.Get<UnboundNames>() is not { } names || (names._fromQuery.Count == 0 && names._body is not { Unknown.Count: > 0 }))
        {
            return;
        }

        var warnings = new Warnings();
        foreach (var name in names._fromQuery.Concat(names._body?.Unknown ?? []))
        {
            warnings.Add(WarningCatalogue.FieldIgnored(name));
        }

        warnings.Check(IsStrict(request));
        WarningHeader.Append(http, warnings.Items);
        telemetry.Warned(warnings.Items);
    }

    // A request that only shows another one is as strict as that is.
    private static bool IsStrict(IMessage request) => request.Descriptor.FindFieldByName("strict") is { FieldType: FieldType.Bool } strict
        ? (bool)strict.Accessor.GetValue(request)
        : request is V1.RenderPromptRequest shown && (shown.Generate?.Strict == true || shown.Chat?.Strict == true);

    private static bool Binds(MessageDescriptor message, string path)
    {
        var (within, parts) = (message, path.Split('.'));
        for (var i = 0; i < parts.Length; i++)
        {
            if (within is null || FieldNames.Find(within, parts[i]) is not { } field)
            {
                return false;
            }

            within = field.IsRepeated ? null : FieldNames.MessageOf(field);
        }

        return true;
    }

    private static Encoding? EncodingOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Encoding is { } encoding && encoding.CodePage != Encoding.UTF8.CodePage ? encoding : null;
}
