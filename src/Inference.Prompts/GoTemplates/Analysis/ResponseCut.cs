using Inference.Prompts.GoTemplates.Syntax;

namespace Inference.Prompts.GoTemplates.Analysis;

/// <summary>The part of a legacy template that comes before the answer: everything behind the first <c>.Response</c> is left out.</summary>
internal sealed class ResponseCut
{
    private bool _cut;

    public static ListNode Of(ListNode root) => new ResponseCut().Cut(root);

    // Conditions are not looked at, nor what is in parentheses: an `if .Response` does not cut.
    private ListNode Cut(ListNode list)
    {
        var nodes = new List<Node>(list.Nodes.Count);
        foreach (var node in list.Nodes)
        {
            if (!_cut && Cut(node) is { } kept)
            {
                nodes.Add(kept);
            }
        }

        return new ListNode(list.Position, nodes);
    }

    private Node? Cut(Node node)
    {
        switch (node)
        {
            case BranchNode branch:
                var list = Cut(branch.List);
                return branch.With(list, branch.ElseList is null ? null : Cut(branch.ElseList));
            case ActionNode action:
                return Cut(action.Pipe) is { } pipe ? new ActionNode(action.Position, pipe) : null;
            default:
                return node;
        }
    }

    private PipeNode? Cut(PipeNode pipe)
    {
        var commands = new List<CommandNode>(pipe.Commands.Count);
        foreach (var command in pipe.Commands)
        {
            var arguments = new List<Node>(command.Arguments.Count);
            foreach (var argument in command.Arguments)
            {
                if (_cut)
                {
                    continue;
                }

                _cut = argument is FieldNode field && field.Names.Contains("Response");
                arguments.Add(argument);
            }

            if (arguments.Count == 0)
            {
                return null;
            }

            commands.Add(new CommandNode(command.Position, arguments));
        }

        return new PipeNode(pipe.Position) { IsAssignment = pipe.IsAssignment, Variables = pipe.Variables, Commands = commands };
    }
}
