using System.Security.Cryptography;
using System.Text;
using Inference.Errors;
using Inference.GoJson;

namespace Inference.HttpErrors;

/// <summary>The bodies, member by member in the order of Ollama's structs.</summary>
internal static class ErrorBodies
{
    /// <summary>gin.H{"error": …}: keys in sorted order. What another server answered is a whole api.StatusError.</summary>
    public static void Ollama(GoJsonWriter json, OllamaForm form, ErrorFacts facts, ErrorContext context)
    {
        var members = new GoMembers(json);
        if (facts["remote_status"] is { Length: > 0 } status && context.Phase is not ErrorPhase.StreamStarted)
        {
            members.Next("\"StatusCode\":"u8).Int(form.Status);
            members.Next("\"Status\":"u8).String(status);
        }

        members.Next("\"error\":"u8).String(form.Text);
        // Who signs out is not told how to sign in.
        members.Optional("\"signin_url\":"u8, context.Route is OllamaRoute.Signout ? "" : facts["signin_url"]);
        members.End();
    }

    /// <summary>api.StatusError as a text, which is how the routes of OpenAI's tell it.</summary>
    public static string WithStatus(string text, string status) => (status, text) switch
    {
        ("", _) => text,
        (_, "") => status,
        _ => $"{status}: {text}",
    };

    /// <summary>openai.NewError.</summary>
    public static void OpenAi(GoJsonWriter json, int status, string text)
    {
        json.Raw("{\"error\":{\"message\":"u8);
        json.String(text);
        json.Raw(",\"type\":\""u8);
        json.Raw(status switch
        {
            400 => "invalid_request_error"u8,
            404 => "not_found_error"u8,
            _ => "api_error"u8,
        });
        json.Raw("\",\"param\":null,\"code\":null}}"u8);
    }

    /// <summary>anthropic.NewError.</summary>
    public static void Anthropic(GoJsonWriter json, int status, string text, string requestId)
    {
        json.Raw("{\"type\":\"error\",\"error\":{\"type\":\""u8);
        json.Raw(status switch
        {
            400 => "invalid_request_error"u8,
            401 => "authentication_error"u8,
            403 => "permission_error"u8,
            404 => "not_found_error"u8,
            429 => "rate_limit_error"u8,
            503 or 529 => "overloaded_error"u8,
            _ => "api_error"u8,
        });
        json.Raw("\",\"message\":"u8);
        json.String(text);
        json.Raw("},\"request_id\":"u8);
        json.String(AnthropicId(requestId));
        json.Raw("}"u8);
    }

    // There 12 random bytes; here of the call's own id, so that both lead to the same log line.
    private static string AnthropicId(string requestId) => $"req_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(requestId)).AsSpan(0, 12))}";
}
