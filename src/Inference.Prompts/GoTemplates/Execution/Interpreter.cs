using System.Runtime.CompilerServices;
using System.Text;
using Inference.Errors;
using Inference.Prompts.GoTemplates.Formatting;
using Inference.Prompts.GoTemplates.Syntax;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>One run of a template. Bounded in depth, steps and output, so that a hostile template ends with an error.</summary>
internal sealed class Interpreter
{
    private const int CharactersPerStep = 256;

    private readonly TemplateSet _templates;
    private readonly StringBuilder _output;
    private readonly Evaluator _evaluator;
    private Variables _variables;
    private string _name = "";
    private Node? _node;
    private int _depth;
    private int _steps;

    private Interpreter(TemplateSet templates, OllamaFunctions? functions, bool missingIsZero, GoValue data, StringBuilder output)
    {
        _templates = templates;
        _output = output;
        _variables = new Variables(data);
        _evaluator = new Evaluator(this, functions, missingIsZero);
    }

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public Variables Variables => _variables;

    /// <param name="templates">The template and those that it can call.</param>
    /// <param name="functions">Functions besides Go's; null for none.</param>
    /// <param name="missingIsZero">A key that a map lacks is the zero of its type, not an absent value.</param>
    /// <param name="data">The first dot.</param>
    /// <param name="output">What is printed.</param>
    /// <exception cref="TemplateException">It fails; the text is Go's.</exception>
    public static void Run(TemplateSet templates, OllamaFunctions? functions, bool missingIsZero, GoValue data, StringBuilder output) =>
        new Interpreter(templates, functions, missingIsZero, data, output).Walk(data, templates.Root);

    /// <summary>Remembers what is being evaluated, for errors, and counts.</summary>
    public void At(Node node)
    {
        _node = node;
        Spend(1);
    }

    /// <summary>Counts work on a value by its size, and refuses one that is too large.</summary>
    public void Weigh(GoValue? value)
    {
        if (value is GoString { Text.Length: var length })
        {
            Spend(length / CharactersPerStep);
            CheckLength(length);
        }
    }

    /// <summary>Ends with an error before the stack does.</summary>
    public void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Error($"exceeded maximum template depth ({_depth})");
        }
    }

    public TemplateException Error(string message)
    {
        var (line, column) = Location(_templates.Text, _node!.Position);
        return new TemplateException($"template: :{line}:{column}: executing {GoQuote.Quote(_name)} at <{_node}>: {message}");
    }

    // The column is a number of bytes, from 0.
    private static (int Line, int Column) Location(string text, int position)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        var start = before.LastIndexOf('\n') + 1;
        return (before.Count('\n') + 1, Encoding.UTF8.GetByteCount(before[start..]));
    }

    private Flow Walk(GoValue? dot, Node node)
    {
        At(node);
        switch (node)
        {
            case TextNode text:
                Print(text.Text);
                return Flow.Next;
            case ActionNode action:
                var value = _evaluator.Pipeline(dot, action.Pipe);
                if (action.Pipe.Variables.Count == 0)
                {
                    At(action);
                    Print(Printed(value));
                }

                return Flow.Next;
            case ListNode list:
                return WalkList(dot, list);
            case RangeNode range:
                return WalkRange(dot, range);
            case BranchNode branch:
                return WalkBranch(dot, branch);
            case TemplateNode template:
                WalkTemplate(dot, template);
                return Flow.Next;
            case BreakNode:
                return Flow.Break;
            case ContinueNode:
                return Flow.Continue;
            default:
                throw Error($"unknown node: {node}");
        }
    }

    private Flow WalkList(GoValue? dot, ListNode list)
    {
        CheckStack();
        foreach (var node in list.Nodes)
        {
            if (Walk(dot, node) is var flow and not Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    private Flow WalkBranch(GoValue? dot, BranchNode branch)
    {
        var mark = _variables.Mark;
        var value = _evaluator.Pipeline(dot, branch.Pipe);
        var flow = value is { IsTrue: true } ? Walk(branch is WithNode ? value : dot, branch.List)
            : branch.ElseList is { } elseList ? Walk(dot, elseList) : Flow.Next;
        _variables.Pop(mark);
        return flow;
    }

    private Flow WalkRange(GoValue? dot, RangeNode range)
    {
        var mark = _variables.Mark;
        var (value, _) = GoValue.Indirect(_evaluator.Pipeline(dot, range.Pipe));
        var flow = Iterate(value, range) ?? (range.ElseList is { } elseList ? Walk(dot, elseList) : Flow.Next);
        _variables.Pop(mark);

        // Go parses a break in the else list as the outer loop's, and ends this one with it.
        return flow == Flow.Break ? Flow.Next : flow;
    }

    // Null when there was nothing to range over.
    private Flow? Iterate(GoValue? value, RangeNode range)
    {
        switch (value)
        {
            case null:
            case GoSlice { Count: 0 } or GoMap { Entries.Count: 0 } or GoBytes { Bytes.Length: 0 }:
                return null;
            case GoInt number when range.Pipe.Variables.Count > 1:
                throw Error($"can't use {number.Value} to iterate over more than one variable");
            case GoInt { Value: <= 0 }:
                return null;
            case GoInt number:
                return Repeat(range, number.Value, i => (null, new GoInt(i, number.Type)));
            case GoSlice slice:
                return Repeat(range, slice.Count, i => (new GoInt(i), slice.At((int)i)));
            case GoBytes bytes:
                return Repeat(range, bytes.Bytes.Length, i => (new GoInt(i), new GoInt(bytes.Bytes[(int)i], GoTypes.Uint8)));
            case GoMap map:
                return Repeat(range, map.Entries.Count, i => (new GoString(map.Entries[(int)i].Key), map.At(map.Entries[(int)i].Key)));
            default:
                throw Error($"range can't iterate over {GoPrint.Sprint([value])}");
        }
    }

    private Flow Repeat(RangeNode range, long count, Func<long, (GoValue? Index, GoValue? Element)> at)
    {
        var mark = _variables.Mark;
        for (var i = 0L; i < count; i++)
        {
            var (index, element) = at(i);
            SetRangeVariables(range.Pipe, index, element);
            var flow = Walk(element, range.List);
            _variables.Pop(mark);
            if (flow == Flow.Break)
            {
                break;
            }
        }

        return Flow.Next;
    }

    private void SetRangeVariables(PipeNode pipe, GoValue? index, GoValue? element)
    {
        var names = pipe.Variables;
        if (pipe.IsAssignment)
        {
            for (var i = 0; i < names.Count; i++)
            {
                _evaluator.Assign(names[i].Names[0], i == 0 && names.Count > 1 ? index : element);
            }

            return;
        }

        if (names.Count > 0)
        {
            _variables.SetTop(1, element);
        }

        if (names.Count > 1)
        {
            _variables.SetTop(2, index);
        }
    }

    private void WalkTemplate(GoValue? dot, TemplateNode template)
    {
        var tree = _templates.Find(template.Name) ?? throw Error($"template {GoQuote.Quote(template.Name)} not defined");
        if (_depth == Limits.Depth)
        {
            throw Error($"exceeded maximum template depth ({Limits.Depth})");
        }

        var data = template.Pipe is null ? null : _evaluator.Pipeline(dot, template.Pipe);
        var (variables, name) = (_variables, _name);
        (_variables, _name, _depth) = (new Variables(data), template.Name, _depth + 1);
        Walk(data, tree);
        (_variables, _name, _depth) = (variables, name, _depth - 1);
    }

    private string Printed(GoValue? value)
    {
        try
        {
            return GoPrint.Value(Builtins.Printable(value));
        }
        catch (GoFunctionException e)
        {
            throw Error(e.Message);
        }
    }

    private void Print(string text)
    {
        Spend(text.Length / CharactersPerStep);
        CheckLength(_output.Length + text.Length);
        _output.Append(text);
    }

    private void Spend(int steps)
    {
        _steps += steps;
        if (_steps > Limits.Steps)
        {
            throw Error($"exceeded maximum number of steps ({Limits.Steps})");
        }
    }

    private void CheckLength(int length)
    {
        if (length > Limits.Text)
        {
            throw Error($"exceeded maximum length of text ({Limits.Text})");
        }
    }
}
