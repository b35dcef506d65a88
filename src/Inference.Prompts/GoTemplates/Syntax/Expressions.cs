namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>Commands, each given the value of the one before it; the last value may go into variables.</summary>
internal sealed class PipeNode(int position) : Node(position)
{
    /// <summary>The variables exist already.</summary>
    public bool IsAssignment { get; set; }

    public List<VariableNode> Variables { get; init; } = [];

    public List<CommandNode> Commands { get; init; } = [];

    public override string ToString()
    {
        var commands = string.Join(" | ", Commands);
        return Variables.Count == 0 ? commands : $"{string.Join(", ", Variables)} {(IsAssignment ? "=" : ":=")} {commands}";
    }
}

/// <summary>A value, or a function or method with its arguments.</summary>
internal sealed class CommandNode(int position, List<Node> arguments) : Node(position)
{
    public List<Node> Arguments => arguments;

    public override string ToString() => string.Join(' ', arguments.Select(static a => a is PipeNode ? $"({a})" : a.ToString()));
}

/// <summary>The name of a function.</summary>
internal sealed class IdentifierNode(int position, string name) : Node(position)
{
    public string Name => name;

    public override string ToString() => name;
}

/// <summary><c>.A.B</c>, from the dot.</summary>
internal sealed class FieldNode(int position, string[] names) : Node(position)
{
    public string[] Names => names;

    public override string ToString() => "." + string.Join('.', names);
}

/// <summary><c>$x.A.B</c>; the first name has its dollar sign.</summary>
internal sealed class VariableNode(int position, string[] names) : Node(position)
{
    public string[] Names => names;

    public string[] Fields { get; } = names[1..];

    public override string ToString() => string.Join('.', names);
}

/// <summary><c>(pipeline).A.B</c>.</summary>
internal sealed class ChainNode(int position, Node operand, List<string> fields) : Node(position)
{
    public Node Operand => operand;

    public List<string> Fields => fields;

    public override string ToString() => (operand is PipeNode ? $"({operand})" : operand.ToString()) + string.Concat(fields.Select(static f => "." + f));
}

internal sealed class DotNode(int position) : Node(position)
{
    public override string ToString() => ".";
}

internal sealed class NilNode(int position) : Node(position)
{
    public override string ToString() => "nil";
}

internal sealed class BoolNode(int position, bool value) : Node(position)
{
    public bool Value => value;

    public override string ToString() => value ? "true" : "false";
}

internal sealed class StringNode(int position, string quoted, string text) : Node(position)
{
    public string Text => text;

    public override string ToString() => quoted;
}

internal sealed class NumberNode(int position, string text, NumberLiteral value) : Node(position)
{
    public NumberLiteral Value => value;

    public override string ToString() => text;
}
