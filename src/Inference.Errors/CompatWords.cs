namespace Inference.Errors;

/// <summary>What the routes that generate and embed say, those under /v1 before the native ones behind them.</summary>
internal static class CompatWords
{
    public static OllamaForm? FieldRequired(ErrorFacts f, OllamaRoute route) => (f["field"], route) switch
    {
        // Under /v1 only: without messages or input the native routes load the model.
        ("messages", OllamaRoute.Chat) => new OllamaForm(400, "[] is too short - 'messages'"),
        ("inputs", OllamaRoute.Embed) => new OllamaForm(400, "invalid input"),
        ("file", _) => new OllamaForm(400, "file is required: http: no such file"),
        var (field, _) when field.Contains(".tool_calls[", StringComparison.Ordinal) => new OllamaForm(400, $"tool_use block missing required '{field[(field.LastIndexOf('.') + 1)..]}' field"),
        // These two look for a model without a name, and find none.
        ("model", OllamaRoute.Generate or OllamaRoute.Embed) => new OllamaForm(404, $"model '{f["model"]}' not found"),
        _ => null,
    };

    public static OllamaForm? FieldInvalid(ErrorFacts f) => f["field"] switch
    {
        // A format that is no format is a 500 there: it is found where the engine is called.
        "format" => new OllamaForm(500, $"invalid format: {GoQuote.Quote(f["value"])}; expected \"json\" or a valid JSON Schema object"),
        "thinking.level" => new OllamaForm(400, $"invalid reasoning value: {GoQuote.Quote(f["value"])} (must be \"minimal\", \"low\", \"medium\", \"high\", \"xhigh\", \"ultra\", \"max\", or \"none\")"),
        "encoding_format" => new OllamaForm(400, $"Invalid value for 'encoding_format' = {f["value"]}. Supported values: ['float', 'base64']."),
        var field when field.EndsWith(".arguments_json", StringComparison.Ordinal) => new OllamaForm(400, f["detail"] is { Length: > 0 } detail
            ? $"failed to parse function call arguments: {detail}"
            : "invalid tool call arguments"),
        _ => null,
    };
}
