using Inference.V1;

namespace Inference.Prompts.Rendering;

/// <summary>A conversation to render: stored messages and system prompt already in place.</summary>
public sealed record ChatPrompt(IReadOnlyList<ChatMessage> Messages, IReadOnlyList<Tool> Tools, ThinkSetting Think)
{
    /// <summary>The model's family, as its configuration names it. <c>qwen3</c> has the thinking of earlier turns taken out of its history.</summary>
    public string Family { get; init; } = "";

    /// <summary>The model's name without namespace and tag. <c>deepseek-r1</c> has the thinking of earlier turns taken out of its history.</summary>
    public string ModelName { get; init; } = "";

    /// <summary>An empty list of tools prints as <c>[]</c>, as Ollama's does in /api/generate; otherwise as <c>null</c>.</summary>
    public bool HasToolList { get; init; }
}

/// <summary>A prompt and what follows the gap.</summary>
public sealed record InsertPrompt(string Prompt, string Suffix, ThinkSetting Think);

/// <summary>What templates see of thinking.</summary>
/// <param name="IsSet">Somebody said whether.</param>
/// <param name="Enabled">Whether.</param>
/// <param name="Level"><c>low</c>, <c>medium</c>, <c>high</c>, <c>max</c>, or empty; empty while enabled is <c>medium</c> to the template.</param>
public readonly record struct ThinkSetting(bool IsSet, bool Enabled, string Level);

/// <param name="Text">What the model reads.</param>
/// <param name="Media">Images and sounds, in the order of their <c>[img-N]</c> marks.</param>
public sealed record RenderedPrompt(string Text, IReadOnlyList<Media> Media);
