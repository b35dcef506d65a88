using System.Diagnostics;
using Inference.Errors;
using Inference.Prompts.GoTemplates.Syntax;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>Evaluates pipelines: the values that templates print, test and range over.</summary>
internal sealed class Evaluator(Interpreter run, OllamaFunctions? functions, bool missingIsZero)
{
    // Says that no value comes from a command before this one; an absent value may.
    private static readonly GoValue s_missing = new GoBool(false);

    public GoValue? Pipeline(GoValue? dot, PipeNode pipe)
    {
        run.At(pipe);
        run.CheckStack();
        GoValue? value = s_missing;
        foreach (var command in pipe.Commands)
        {
            value = GoValue.Held(Command(dot, command, value));
            run.Weigh(value);
        }

        foreach (var variable in pipe.Variables)
        {
            if (pipe.IsAssignment)
            {
                Assign(variable.Names[0], value);
            }
            else
            {
                run.Variables.Push(variable.Names[0], value);
            }
        }

        return value;
    }

    public void Assign(string name, GoValue? value)
    {
        if (!run.Variables.TrySet(name, value))
        {
            throw run.Error($"undefined variable: {name}");
        }
    }

    private GoValue? Command(GoValue? dot, CommandNode command, GoValue? final)
    {
        var arguments = command.Arguments;
        switch (arguments[0])
        {
            case FieldNode field:
                return Field(dot, field, arguments, final);
            case ChainNode chain:
                return Chain(dot, chain, arguments, final);
            case VariableNode variable:
                return Variable(dot, variable, arguments, final);
            case IdentifierNode identifier:
                return Function(dot, identifier, command, arguments, final);
            case PipeNode pipe:
                CheckNoArguments(arguments, final);
                return Pipeline(dot, pipe);
            case var constant:
                run.At(constant);
                CheckNoArguments(arguments, final);
                return constant switch
                {
                    DotNode => dot,
                    NilNode => throw run.Error("nil is not a command"),
                    _ => Constant(constant),
                };
        }
    }

    private void CheckNoArguments(List<Node>? arguments, GoValue? final)
    {
        if (arguments?.Count > 1 || !ReferenceEquals(final, s_missing))
        {
            throw run.Error($"can't give argument to non-function {arguments?[0]}");
        }
    }

    private GoValue? Constant(Node node)
    {
        run.At(node);
        return node switch
        {
            BoolNode flag => new GoBool(flag.Value),
            StringNode text => new GoString(text.Text),
            NumberNode { Value.Complex: { } complex } => new GoComplex(complex),
            NumberNode { Value: { LooksLikeFloat: true, Float: { } number } } => new GoFloat(number),
            NumberNode { Value.Int: { } number } => new GoInt(number),
            NumberNode number => throw run.Error($"{number} overflows int"),
            _ => throw new UnreachableException(),
        };
    }

    private GoValue? Field(GoValue? dot, FieldNode field, List<Node>? arguments, GoValue? final)
    {
        run.At(field);
        return Fields(dot, dot, field, field.Names, arguments, final);
    }

    private GoValue? Chain(GoValue? dot, ChainNode chain, List<Node>? arguments, GoValue? final)
    {
        run.At(chain);
        if (chain.Operand is NilNode)
        {
            throw run.Error($"indirection through explicit nil in {chain}");
        }

        run.At(chain.Operand);
        var operand = chain.Operand is PipeNode pipe ? Pipeline(dot, pipe) : Function(dot, (IdentifierNode)chain.Operand, chain.Operand, null, s_missing);
        return Fields(dot, operand, chain, chain.Fields, arguments, final);
    }

    private GoValue? Variable(GoValue? dot, VariableNode variable, List<Node>? arguments, GoValue? final)
    {
        run.At(variable);
        if (!run.Variables.TryGet(variable.Names[0], out var value))
        {
            throw run.Error($"undefined variable: {variable.Names[0]}");
        }

        if (variable.Names.Length > 1)
        {
            return Fields(dot, value, variable, variable.Fields, arguments, final);
        }

        CheckNoArguments(arguments, final);
        return value;
    }

    private GoValue? Fields(GoValue? dot, GoValue? receiver, Node node, IReadOnlyList<string> names, List<Node>? arguments, GoValue? final)
    {
        for (var i = 0; i < names.Count - 1; i++)
        {
            receiver = Member(dot, names[i], node, null, s_missing, receiver);
        }

        // If the last is a method, it gets the arguments.
        return Member(dot, names[^1], node, arguments, final, receiver);
    }

    private GoValue? Member(GoValue? dot, string name, Node node, List<Node>? arguments, GoValue? final, GoValue? receiver)
    {
        if (receiver is null)
        {
            return null;
        }

        var type = receiver.Type;
        var (value, isNil) = GoValue.Indirect(receiver);
        if (isNil && value is GoInterface)
        {
            throw run.Error($"nil pointer evaluating {type}.{name}");
        }

        // Methods of a pointer are found before what it points to is.
        var methods = receiver is GoPointer && receiver.Type.Methods.ContainsKey(name) ? receiver : value!;
        if (methods.Type.Methods.TryGetValue(name, out var method))
        {
            return Call(dot, new GoFunction(name, [], null, _ => method(methods)), node, arguments, final);
        }

        var hasArguments = arguments?.Count > 1 || !ReferenceEquals(final, s_missing);
        switch (value)
        {
            case GoStruct record when record.IndexOf(name) is >= 0 and var index:
                return record.Type.Fields[index].Hidden ? throw run.Error($"{name} is an unexported field of struct type {type}")
                    : hasArguments ? throw run.Error($"{name} has arguments but cannot be invoked as function")
                    : record.At(index);
            case GoMap when hasArguments:
                throw run.Error($"{name} is not a method but has arguments");
            case GoMap map:
                return map.Has(name) || missingIsZero ? map.At(name) : null;
            case GoPointer when isNil && type.Element!.Fields.Any(f => f.Name == name):
                throw run.Error($"nil pointer evaluating {type}.{name}");
            default:
                throw run.Error($"can't evaluate field {name} in type {type}");
        }
    }

    private GoValue? Function(GoValue? dot, IdentifierNode identifier, Node command, List<Node>? arguments, GoValue? final)
    {
        run.At(identifier);
        var function = functions?.Find(identifier.Name) ?? Builtins.All.GetValueOrDefault(identifier.Name)
            ?? throw run.Error($"{GoQuote.Quote(identifier.Name)} is not a defined function");
        return Call(dot, function, command, arguments, final);
    }

    /// <param name="dot">For the arguments.</param>
    /// <param name="function">What to call.</param>
    /// <param name="node">Where the call stands, for its errors.</param>
    /// <param name="arguments">The name and the arguments, or null.</param>
    /// <param name="final">The value of the command before, which is the last argument.</param>
    private GoValue? Call(GoValue? dot, GoFunction function, Node node, List<Node>? arguments, GoValue? final)
    {
        var written = Math.Max((arguments?.Count ?? 0) - 1, 0);
        var piped = !ReferenceEquals(final, s_missing);
        var count = written + (piped ? 1 : 0);
        if (function.Rest is null ? count != function.Fixed.Length : count < function.Fixed.Length)
        {
            throw run.Error(function.Rest is null
                ? $"wrong number of args for {function.Name}: want {function.Fixed.Length} got {count}"
                : $"wrong number of args for {function.Name}: want at least {function.Fixed.Length} got {written}");
        }

        if (function.Name is "and" or "or")
        {
            return ShortCircuit(dot, function.Name == "or", arguments!, final);
        }

        var values = new GoValue?[count];
        for (var i = 0; i < written; i++)
        {
            values[i] = Argument(dot, function.ParameterAt(i), arguments![i + 1]);
        }

        if (piped)
        {
            values[^1] = Validated(final, function.ParameterAt(count - 1));
        }

        foreach (var value in values)
        {
            run.Weigh(value);
        }

        try
        {
            return function.Name == "call" ? throw NoFunction(values[0], written > 0 ? arguments![1].ToString() : Shown(final)) : function.Call(values);
        }
        catch (GoFunctionException e)
        {
            run.At(node);
            throw run.Error($"error calling {function.Name}: {e.Message}");
        }
    }

    // No value of ours is a function, so there is nothing that could be called.
    private static GoFunctionException NoFunction(GoValue? value, string name) =>
        new(GoValue.Held(value) is { } held ? $"non-function {name} of type {held.Type}" : "call of nil");

    // reflect.Value.String: the text of a text, the type of anything else.
    private static string Shown(GoValue? value) => value is GoString text ? text.Text : value is null ? "<invalid Value>" : $"<{value.Type} Value>";

    private GoValue? ShortCircuit(GoValue? dot, bool until, List<Node> arguments, GoValue? final)
    {
        GoValue? value = null;
        for (var i = 1; i < arguments.Count; i++)
        {
            value = Argument(dot, Parameter.Value, arguments[i]);
            if (GoValue.Held(value) is { IsTrue: true } == until)
            {
                return value;
            }
        }

        return ReferenceEquals(final, s_missing) ? value : final;
    }

    private GoValue? Argument(GoValue? dot, Parameter parameter, Node node)
    {
        run.At(node);
        switch (node)
        {
            case DotNode:
                return Validated(dot, parameter);
            case NilNode:
                return parameter switch
                {
                    Parameter.String => throw run.Error("cannot assign nil to string"),
                    _ => null,
                };
            case FieldNode field:
                return Validated(Field(dot, field, null, s_missing), parameter);
            case VariableNode variable:
                return Validated(Variable(dot, variable, null, s_missing), parameter);
            case PipeNode pipe:
                return Validated(Pipeline(dot, pipe), parameter);
            case IdentifierNode identifier:
                return Validated(Function(dot, identifier, identifier, null, s_missing), parameter);
            case ChainNode chain:
                return Validated(Chain(dot, chain, null, s_missing), parameter);
            case StringNode text:
                return new GoString(text.Text);
            default:
                return parameter == Parameter.String ? throw run.Error($"expected string; found {node}") : Constant(node);
        }
    }

    private GoValue? Validated(GoValue? value, Parameter parameter) => parameter switch
    {
        Parameter.Value => value,
        Parameter.Any => GoValue.Held(value),
        _ => value is null ? throw run.Error("invalid value; expected string")
            : GoValue.Held(value) as GoString ?? throw run.Error($"wrong type for value; expected string; got {(GoValue.Held(value) ?? value).Type}"),
    };
}
