using Inference.Prompts.GoTemplates.Syntax;

namespace Inference.Prompts.GoTemplates.Analysis;

/// <summary>
/// Ollama's guess at what announces a tool call: the first text in the first <c>if</c> over <c>.ToolCalls</c>, up to a brace.
/// It gives up at the first action before any text.
/// </summary>
internal static class ToolTagInference
{
    public const string None = "{";

    /// <returns><see cref="None"/> where there is none: calls are then bare JSON.</returns>
    public static string Of(ListNode root)
    {
        if (FindIf(root.Nodes) is not { } calls || FindText(calls.List.Nodes) is not { } text)
        {
            return None;
        }

        var tag = text.Text.Replace("\r\n", "\n", StringComparison.Ordinal);
        var brace = tag.IndexOf('{', StringComparison.Ordinal);
        tag = (brace < 0 ? tag : tag[..brace]).Trim();
        return tag.Length > 0 ? tag : None;
    }

    private static IfNode? FindIf(List<Node> nodes)
    {
        foreach (var branch in nodes.OfType<BranchNode>())
        {
            if (branch is IfNode found && found.Pipe.Commands.Exists(static c => c.Arguments.Exists(static a => a is FieldNode field && field.Names.Contains("ToolCalls"))))
            {
                return found;
            }

            if ((FindIf(branch.List.Nodes) ?? (branch.ElseList is { } elseList ? FindIf(elseList.Nodes) : null)) is { } inner)
            {
                return inner;
            }
        }

        return null;
    }

    private static TextNode? FindText(List<Node> nodes)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case TextNode text when !string.IsNullOrWhiteSpace(text.Text):
                    return text;
                case BranchNode branch:
                    return FindText(branch.List.Nodes) ?? (branch.ElseList is { } elseList ? FindText(elseList.Nodes) : null);
                case ActionNode:
                    return null;
            }
        }

        return null;
    }
}
