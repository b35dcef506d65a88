namespace Inference.Store.Capabilities;

/// <summary>What a Go template says of a model. Whoever can parse templates finds it out; here it is only a value.</summary>
/// <param name="Tools">It mentions <c>.Tools</c>.</param>
/// <param name="Insert">It mentions <c>.Suffix</c>.</param>
/// <param name="Thinking">It puts tags around <c>.Thinking</c>.</param>
public sealed record TemplateFacts(bool Tools = false, bool Insert = false, bool Thinking = false)
{
    /// <summary>Of the template that a model without one has: <c>{{ .Prompt }}</c>.</summary>
    public static TemplateFacts None { get; } = new();

    /// <summary>It mentions <c>.ToolCalls</c>.</summary>
    public bool ToolCalls { get; init; }

    internal IEnumerable<string> Capabilities()
    {
        if (Tools)
        {
            yield return Capability.Tools;
        }

        if (Insert)
        {
            yield return Capability.Insert;
        }

        if (Thinking)
        {
            yield return Capability.Thinking;
        }
    }
}

/// <summary>What the output parser that a model's config names can tell apart. Null stands for a name that no parser has.</summary>
public sealed record ParserFacts(bool Tools, bool Thinking);
