using System.Text;
using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.OpenAi.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>
/// How a stream of /v1/responses that searches the web fails: it has begun before the model is asked, so the failure is its last event
/// (middleware/openai.go, WebSearchResponsesWriter).
/// </summary>
internal static class ResponsesFailure
{
    private const int Ids = 999_999;

    /// <param name="exchange">The request.</param>
    /// <param name="call">What it says.</param>
    /// <param name="form">What the native route would have said.</param>
    /// <param name="signinUrl">Where to sign in, or nothing.</param>
    public static async Task SendAsync(OllamaExchange exchange, ResponsesCall call, OllamaForm form, string signinUrl)
    {
        var id = FormattableString.Invariant($"resp_{Random.Shared.Next(Ids)}");
        var response = call.Echo();
        response["id"] = id;
        response["status"] = "in_progress";
        response["created_at"] = (double)exchange.Time.GetUtcNow().ToUnixTimeSeconds();
        response["completed_at"] = response["error"] = response["usage"] = null;
        response["output"] = new List<object?>();
        var events = exchange.Events();
        await SendAsync(exchange, events, "response.created", 0, response);
        await SendAsync(exchange, events, "response.in_progress", 1, response);
        await SendAsync(exchange, events, "response.failed", 2, new Dictionary<string, object?>
        {
            ["id"] = id,
            ["object"] = "response",
            ["model"] = call.Model,
            ["status"] = "failed",
            ["output"] = new List<object?>(),
            ["error"] = new Dictionary<string, object?> { ["code"] = Code(form.Status), ["message"] = signinUrl.Length > 0 ? $"{form.Text}; sign in at {signinUrl}" : form.Text },
            ["usage"] = new Dictionary<string, object?> { ["input_tokens"] = 0.0, ["output_tokens"] = 0.0, ["total_tokens"] = 0.0 },
        });
    }

    private static string Code(int status) => status switch
    {
        401 => "authentication_error",
        429 => "rate_limit_exceeded",
        _ => "api_error",
    };

    private static ValueTask SendAsync(OllamaExchange exchange, EventStream events, string type, int number, Dictionary<string, object?> response)
    {
        events.Json.Raw(Encoding.UTF8.GetBytes($"event: {type}\ndata: "));
        events.Json.Write(new Dictionary<string, object?> { ["type"] = type, ["sequence_number"] = (double)number, ["response"] = response });
        events.Json.Raw("\n\n"u8);
        return events.SendAsync(exchange.Aborted);
    }
}
