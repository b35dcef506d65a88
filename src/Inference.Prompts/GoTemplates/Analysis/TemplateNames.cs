using Inference.Prompts.GoTemplates.Syntax;

namespace Inference.Prompts.GoTemplates.Analysis;

/// <summary>The names that a template mentions, as Ollama collects them: those within <c>(…).Field</c> are not seen.</summary>
internal static class TemplateNames
{
    /// <returns>In lower case; names of fields and of variables alike.</returns>
    /// <exception cref="TemplateException">A template is called without data, which Ollama refuses.</exception>
    public static SortedSet<string> Of(IEnumerable<ListNode> trees)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var tree in trees)
        {
            Collect(tree, names);
        }

        return names;
    }

    private static void Collect(Node node, SortedSet<string> names)
    {
        switch (node)
        {
            case ListNode list:
                list.Nodes.ForEach(n => Collect(n, names));
                break;
            case TemplateNode template:
                Collect(template.Pipe ?? throw new TemplateException("undefined template specified"), names);
                break;
            case ActionNode action:
                Collect(action.Pipe, names);
                break;
            case BranchNode branch:
                Collect(branch.Pipe, names);
                Collect(branch.List, names);
                if (branch.ElseList is not null)
                {
                    Collect(branch.ElseList, names);
                }

                break;
            case PipeNode pipe:
                pipe.Commands.ForEach(c => c.Arguments.ForEach(a => Collect(a, names)));
                break;
            case FieldNode field:
                names.UnionWith(field.Names.Select(static n => n.ToLowerInvariant()));
                break;
            case VariableNode variable:
                names.UnionWith(variable.Names.Select(static n => n.ToLowerInvariant()));
                break;
        }
    }
}
