using Inference.Prompts.GoTemplates;
using Inference.V1;

namespace Inference.Prompts.Rendering;

/// <summary>Conversations and prompts as the text that a model reads.</summary>
public static class PromptRenderer
{
    /// <summary>A conversation, with templates of either kind: those that range over messages, and the older ones that run once a turn.</summary>
    /// <exception cref="TemplateException">The template fails on these messages.</exception>
    public static RenderedPrompt Chat(PromptTemplate template, ChatPrompt prompt, TimeProvider time) => throw new NotSupportedException();

    /// <summary>A gap to fill between a prompt and a suffix.</summary>
    /// <exception cref="TemplateException">The template fails.</exception>
    public static RenderedPrompt Insert(PromptTemplate template, InsertPrompt prompt, TimeProvider time) => throw new NotSupportedException();
}

/// <summary>A conversation to render: stored messages and system prompt already in place.</summary>
public sealed record ChatPrompt(IReadOnlyList<ChatMessage> Messages, IReadOnlyList<Tool> Tools, ThinkSetting Think);

/// <summary>A prompt and what follows the gap.</summary>
public sealed record InsertPrompt(string Prompt, string Suffix, ThinkSetting Think);

/// <summary>What templates see of thinking.</summary>
/// <param name="IsSet">Somebody said whether.</param>
/// <param name="Enabled">Whether.</param>
/// <param name="Level"><c>low</c>, <c>medium</c>, <c>high</c>, or empty.</param>
public readonly record struct ThinkSetting(bool IsSet, bool Enabled, string Level);

/// <param name="Text">What the model reads.</param>
/// <param name="Media">Images and sounds, in the order of their <c>[img-N]</c> marks.</param>
public sealed record RenderedPrompt(string Text, IReadOnlyList<Media> Media);
