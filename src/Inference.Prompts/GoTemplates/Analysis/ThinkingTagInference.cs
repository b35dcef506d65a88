using Inference.Prompts.GoTemplates.Syntax;

namespace Inference.Prompts.GoTemplates.Analysis;

/// <summary>
/// Ollama's guess at the tags around thinking: the first and the last text of the list nearest to a <c>.Thinking</c>,
/// within a range over messages. A later mention overrides an earlier one.
/// </summary>
internal sealed class ThinkingTagInference
{
    private readonly Stack<RangeNode> _ranges = [];
    private readonly Stack<ListNode> _lists = [];
    private string _open = "";
    private string _close = "";

    /// <returns>Null unless both were found.</returns>
    public static (string Open, string Close)? Of(ListNode root)
    {
        var inference = new ThinkingTagInference();
        inference.Visit(root);
        return inference._open.Length > 0 && inference._close.Length > 0 ? (inference._open, inference._close) : null;
    }

    private void Visit(Node node)
    {
        switch (node)
        {
            case ListNode list:
                _lists.Push(list);
                list.Nodes.ForEach(Visit);
                _lists.Pop();
                break;
            case RangeNode range:
                _ranges.Push(range);
                VisitBranch(range);
                _ranges.Pop();
                break;
            case BranchNode branch:
                VisitBranch(branch);
                break;
            case ActionNode action:
                Visit(action.Pipe);
                break;
            case TemplateNode { Pipe: { } data }:
                Visit(data);
                break;
            case PipeNode pipe:
                pipe.Commands.ForEach(c => c.Arguments.ForEach(Visit));
                break;
            case FieldNode field when field.Names[0] == "Thinking" && _ranges.TryPeek(out var range) && Mentions(range.Pipe, "Messages"):
                Take(_lists.Peek());
                break;
        }
    }

    private void VisitBranch(BranchNode branch)
    {
        Visit(branch.Pipe);
        Visit(branch.List);
        if (branch.ElseList is not null)
        {
            Visit(branch.ElseList);
        }
    }

    private void Take(ListNode list)
    {
        _open = list.Nodes[0] is TextNode first ? first.Text.Trim() : _open;
        _close = list.Nodes[^1] is TextNode last ? last.Text.Trim() : _close;
    }

    private static bool Mentions(PipeNode pipe, string name) => pipe.Commands.Exists(c => c.Arguments.Exists(a => a switch
    {
        FieldNode field => field.Names[0] == name,
        PipeNode inner => Mentions(inner, name),
        _ => false,
    }));
}
