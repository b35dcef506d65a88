using Inference.GoJson;

namespace Inference.Facade.Anthropic.Requests;

/// <summary>The small structs of a request: of each at most one field counts.</summary>
internal sealed class MessagesExtras
{
    public static readonly GoStruct<MessagesExtras> ThinkingShape = new("ThinkingConfig", "anthropic.ThinkingConfig",
        ("type", static (r, x) => x.Type = r.String(x.Type)),
        ("budget_tokens", static (r, _) => r.Int(0)));

    public static readonly GoStruct<MessagesExtras> OutputShape = new("OutputConfig", "anthropic.OutputConfig",
        ("effort", static (r, x) => x.Effort = r.String(x.Effort)));

    public static readonly GoStruct<MessagesExtras> ToolChoiceShape = new("ToolChoice", "anthropic.ToolChoice",
        ("type", static (r, _) => r.String("")),
        ("name", static (r, _) => r.String("")),
        ("disable_parallel_tool_use", static (r, _) => r.Bool(false)));

    public static readonly GoStruct<MessagesExtras> MetadataShape = new("Metadata", "anthropic.Metadata",
        ("user_id", static (r, _) => r.String("")));

    public string Type { get; private set; } = "";

    public string Effort { get; private set; } = "";
}
