using Inference.Prompts.GoTemplates;
using Inference.V1;

namespace Inference.Prompts.Parsing;

/// <summary>Takes a model's output apart while it comes: thinking, text, tool calls. Text that may still become a tag is held back.</summary>
public sealed class OutputParser
{
    /// <param name="template">Says which tags the model was taught.</param>
    /// <param name="tools">What it may call; empty leaves calls in the text.</param>
    /// <param name="thinks">Whether thinking is taken out of the text.</param>
    /// <param name="prompt">The rendered prompt: if it ends in the opening tag, the output starts within thinking.</param>
    public OutputParser(PromptTemplate template, IReadOnlyList<Tool> tools, bool thinks, string prompt) => throw new NotSupportedException();

    /// <summary>Whether the next text belongs to the thinking, as far as is known.</summary>
    public bool IsThinking => throw new NotSupportedException();

    /// <summary>Adds output; the parts that became certain are appended to <paramref name="parts"/>.</summary>
    public void Feed(string text, List<OutputPart> parts) => throw new NotSupportedException();

    /// <summary>The output is over: what was held back is what it looked like.</summary>
    public void End(List<OutputPart> parts) => throw new NotSupportedException();
}

/// <summary>A part of an answer: exactly one of the three.</summary>
public readonly record struct OutputPart(string? Text, string? Thinking, ToolCall? ToolCall);
