using Inference.Prompts.GoTemplates.Syntax;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>A template and those that it can call.</summary>
/// <param name="Text">What they were read from, for errors.</param>
/// <param name="Root">The template itself.</param>
/// <param name="Defined">The others by name; null where the root stands alone.</param>
internal sealed record TemplateSet(string Text, ListNode Root, IReadOnlyDictionary<string, ListNode>? Defined)
{
    public ListNode? Find(string name) => name.Length == 0 ? Root : Defined?.GetValueOrDefault(name);
}
