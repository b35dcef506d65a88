using System.Text.Encodings.Web;
using System.Text.Json;

namespace Inference.Errors;

/// <summary>Bodies of llama-server's errors (tools/server), which Ollama passes on as they are: a JSON object in a text.</summary>
internal static class RunnerError
{
    public const string Loading = """{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}""";

    public static string Server(string message) => $$$"""{"error":{"code":500,"message":{{{Text(message)}}},"type":"server_error"}}""";

    public static string ContextExceeded(string prompt, string context) =>
        $$$"""{"error":{"code":400,"message":"request ({{{prompt}}} tokens) exceeds the available context size ({{{context}}} tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":{{{prompt}}},"n_ctx":{{{context}}}}}""";

    private static string Text(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
