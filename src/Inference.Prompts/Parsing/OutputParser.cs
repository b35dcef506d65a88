using Inference.Prompts.GoTemplates;
using Inference.V1;

namespace Inference.Prompts.Parsing;

/// <summary>
/// Takes a model's output apart while it comes: thinking, text, tool calls. Text that may still become a tag is held back.
/// The pieces in which the output comes make no difference to what is found, only to when.
/// </summary>
public sealed class OutputParser
{
    private readonly ThinkingParser? _thinking;
    private readonly ToolCallParser? _tools;
    private readonly List<ToolCall> _calls = [];

    /// <param name="template">Says which tags the model was taught.</param>
    /// <param name="tools">What it may call; empty leaves calls in the text.</param>
    /// <param name="thinks">Whether thinking is taken out of the text.</param>
    /// <param name="prompt">The rendered prompt: if it ends in the opening tag, the output starts within thinking.</param>
    /// <param name="newCallId">Makes the id of a call; null for <see cref="CallIds.New"/>.</param>
    public OutputParser(PromptTemplate template, IReadOnlyList<Tool> tools, bool thinks, string prompt, Func<string>? newCallId = null)
    {
        if (thinks && template.ThinkingTags is { } tags)
        {
            _thinking = new ThinkingParser(tags, prompt.AsSpan().TrimEnd().EndsWith(tags.Open, StringComparison.Ordinal));
        }

        if (tools.Count > 0)
        {
            _tools = new ToolCallParser(template.ToolTag, tools, newCallId ?? CallIds.New);
        }
    }

    /// <summary>Whether the next text belongs to the thinking, as far as is known.</summary>
    public bool IsThinking => _thinking is { IsThinking: true };

    /// <summary>Whether output was read that may yet be a part, or belong to one.</summary>
    public bool HoldsBack => _thinking is { HoldsBack: true } || _tools is { HoldsBack: true };

    /// <summary>
    /// After <see cref="End"/>: output that was announced as a tool call and turned out to be none that could be made. It is in
    /// no part, as in Ollama; empty if there is nothing of the kind.
    /// </summary>
    public string Unparsed => _tools?.Unparsed ?? "";

    /// <summary>
    /// Adds output; the parts that became certain are appended to <paramref name="parts"/>: at most one of thinking, then at most
    /// one of text, then calls.
    /// </summary>
    public void Feed(string text, List<OutputPart> parts)
    {
        var (thinking, rest) = _thinking is null ? ("", text) : _thinking.Feed(text);
        Append(thinking, TakeCalls(rest), parts);
    }

    /// <summary>The output is over: what was held back is what it looked like.</summary>
    public void End(List<OutputPart> parts)
    {
        var (thinking, rest) = _thinking is null ? ("", "") : _thinking.End();
        Append(thinking, TakeCalls(rest) + _tools?.End(), parts);
    }

    private string TakeCalls(string text) => _tools is null || text.Length == 0 ? text : _tools.Feed(text, _calls);

    private void Append(string thinking, string text, List<OutputPart> parts)
    {
        if (thinking.Length > 0)
        {
            parts.Add(new OutputPart(null, thinking, null));
        }

        if (text.Length > 0)
        {
            parts.Add(new OutputPart(text, null, null));
        }

        foreach (var call in _calls)
        {
            parts.Add(new OutputPart(null, null, call));
        }

        _calls.Clear();
    }
}

/// <summary>A part of an answer: exactly one of the three.</summary>
public readonly record struct OutputPart(string? Text, string? Thinking, ToolCall? ToolCall);
