namespace Inference.Store.Capabilities;

/// <summary>What Ollama reads out of a Jinja template by looking for words in it (server/images.go, thinking/template.go).</summary>
internal static class ChatTemplate
{
    private static readonly string[] ToolResults =
    [
        "tool_response", "tool_results", "role'] == 'tool'", "role'] == \"tool\"", "role\"] == 'tool'", "role\"] == \"tool\"",
        "message.role == 'tool'", "message.role == \"tool\"", "ipython",
    ];

    public static bool HasTools(string template) => Has(template, "tools") || Has(template, "tool_call");

    /// <summary>It writes thoughts, or at least takes old ones out of what was said.</summary>
    public static bool HasThinking(string template) =>
        (Has(template, "<think>") && Has(template, "</think>"))
        || ((Has(template, "content.split('</think>')") || Has(template, "content.split(\"</think>\")"))
            && !Has(template, "reasoning_content") && !Has(template, "<SPECIAL_12>"));

    /// <summary>It shows the model both its calls and their results.</summary>
    public static bool HasToolRoundTrip(string template) =>
        HasTools(template) && (Has(template, "tool_calls") || Has(template, "assistant_tool_call")) && ToolResults.Any(word => Has(template, word));

    public static IEnumerable<string> Capabilities(string template)
    {
        if (HasTools(template))
        {
            yield return Capability.Tools;
        }

        if (HasThinking(template))
        {
            yield return Capability.Thinking;
        }
    }

    private static bool Has(string template, string word) => template.Contains(word, StringComparison.Ordinal);
}
