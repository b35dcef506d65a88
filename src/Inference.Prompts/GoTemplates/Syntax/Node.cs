namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>A piece of a template. Its text is how Go names it in an error.</summary>
/// <param name="position">Index in the template of where it begins.</param>
internal abstract class Node(int position)
{
    public int Position => position;

    public abstract override string ToString();
}

internal sealed class ListNode(int position, List<Node> nodes) : Node(position)
{
    public List<Node> Nodes => nodes;

    /// <summary>Nothing but white space.</summary>
    public bool IsBlank => nodes.TrueForAll(static node => node switch
    {
        ListNode list => list.IsBlank,
        TextNode text => string.IsNullOrWhiteSpace(text.Text),
        _ => false,
    });

    public override string ToString() => string.Concat(nodes);
}

internal sealed class TextNode(int position, string text) : Node(position)
{
    public string Text => text;

    public override string ToString() => text;
}

/// <summary>A pipeline whose value is printed, or kept in variables.</summary>
internal sealed class ActionNode(int position, PipeNode pipe) : Node(position)
{
    public PipeNode Pipe => pipe;

    public override string ToString() => $"{{{{{pipe}}}}}";
}

/// <summary>What <c>if</c>, <c>with</c> and <c>range</c> have in common.</summary>
internal abstract class BranchNode(int position, string keyword, PipeNode pipe, ListNode list, ListNode? elseList) : Node(position)
{
    public PipeNode Pipe => pipe;

    public ListNode List => list;

    public ListNode? ElseList => elseList;

    public abstract BranchNode With(ListNode list, ListNode? elseList);

    public override string ToString() => elseList is null ? $"{{{{{keyword} {pipe}}}}}{list}{{{{end}}}}" : $"{{{{{keyword} {pipe}}}}}{list}{{{{else}}}}{elseList}{{{{end}}}}";
}

internal sealed class IfNode(int position, PipeNode pipe, ListNode list, ListNode? elseList) : BranchNode(position, "if", pipe, list, elseList)
{
    public override BranchNode With(ListNode list, ListNode? elseList) => new IfNode(Position, Pipe, list, elseList);
}

internal sealed class WithNode(int position, PipeNode pipe, ListNode list, ListNode? elseList) : BranchNode(position, "with", pipe, list, elseList)
{
    public override BranchNode With(ListNode list, ListNode? elseList) => new WithNode(Position, Pipe, list, elseList);
}

internal sealed class RangeNode(int position, PipeNode pipe, ListNode list, ListNode? elseList) : BranchNode(position, "range", pipe, list, elseList)
{
    public override BranchNode With(ListNode list, ListNode? elseList) => new RangeNode(Position, Pipe, list, elseList);
}

internal sealed class BreakNode(int position) : Node(position)
{
    public override string ToString() => "{{break}}";
}

internal sealed class ContinueNode(int position) : Node(position)
{
    public override string ToString() => "{{continue}}";
}

/// <summary>Runs another template; a block is a definition and one of these.</summary>
internal sealed class TemplateNode(int position, string name, PipeNode? pipe) : Node(position)
{
    public string Name => name;

    public PipeNode? Pipe => pipe;

    public override string ToString() => pipe is null ? $"{{{{template {Errors.GoQuote.Quote(name)}}}}}" : $"{{{{template {Errors.GoQuote.Quote(name)} {pipe}}}}}";
}

/// <summary>Ends a list; never in a tree.</summary>
internal sealed class EndNode(int position) : Node(position)
{
    public override string ToString() => "{{end}}";
}

/// <summary>Ends a list and begins the other; never in a tree.</summary>
internal sealed class ElseNode(int position) : Node(position)
{
    public override string ToString() => "{{else}}";
}
