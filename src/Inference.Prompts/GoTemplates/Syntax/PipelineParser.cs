using Inference.Errors;

namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>Reads what stands within an action.</summary>
internal sealed class PipelineParser(TokenStream tokens, Func<string, bool> isFunction)
{
    // Go allows 10 000; its stack grows.
    private const int MaxDepth = 250;
    private int _depth;

    /// <summary>Names known here; a control structure forgets those of its body.</summary>
    public List<string> Variables { get; set; } = ["$"];

    /// <param name="context">What it is for, in errors.</param>
    /// <param name="end">What ends it; consumed.</param>
    public PipeNode Pipeline(string context, TokenKind end)
    {
        var pipe = new PipeNode(tokens.PeekNonSpace().Position);
        Declarations(pipe, context);
        while (true)
        {
            var token = tokens.NextNonSpace();
            if (token.Kind == end)
            {
                Check(pipe, context);
                return pipe;
            }

            if (!BeginsOperand(token.Kind))
            {
                throw tokens.Unexpected(token, context);
            }

            tokens.Back();
            pipe.Commands.Add(Command());
        }
    }

    private static VariableNode Variable(Token token) => new(token.Position, token.Text.Split('.'));

    private static bool BeginsOperand(TokenKind kind) => kind is TokenKind.Bool or TokenKind.CharConstant or TokenKind.Complex or TokenKind.Dot
        or TokenKind.Field or TokenKind.Identifier or TokenKind.Number or TokenKind.Nil or TokenKind.RawString or TokenKind.String
        or TokenKind.Variable or TokenKind.LeftParenthesis;

    private void Declarations(PipeNode pipe, string context)
    {
        while (tokens.PeekNonSpace() is { Kind: TokenKind.Variable } variable)
        {
            // Whether it is a declaration shows only behind it, and behind the space that may follow.
            tokens.Next();
            var after = tokens.Peek();
            var next = tokens.PeekNonSpace();
            var comma = next is { Kind: TokenKind.Char, Text: "," };
            if (!comma && next.Kind is not (TokenKind.Assign or TokenKind.Declare))
            {
                if (after.Kind == TokenKind.Space)
                {
                    tokens.Back(variable, after);
                }
                else
                {
                    tokens.Back(variable);
                }

                return;
            }

            tokens.NextNonSpace();
            pipe.IsAssignment = next.Kind == TokenKind.Assign;
            pipe.Variables.Add(Variable(variable));
            Variables.Add(variable.Text);
            if (!comma)
            {
                return;
            }

            if (context != "range" || pipe.Variables.Count >= 2)
            {
                throw tokens.Error($"too many declarations in {context}");
            }

            if (tokens.PeekNonSpace().Kind is not (TokenKind.Variable or TokenKind.RightDelimiter or TokenKind.RightParenthesis))
            {
                throw tokens.Error("range can only initialize variables");
            }
        }
    }

    private void Check(PipeNode pipe, string context)
    {
        if (pipe.Commands.Count == 0)
        {
            throw tokens.Error($"missing value for {context}");
        }

        for (var i = 1; i < pipe.Commands.Count; i++)
        {
            if (pipe.Commands[i].Arguments[0] is BoolNode or DotNode or NilNode or NumberNode or StringNode)
            {
                throw tokens.Error($"non executable command in pipeline stage {i + 1}");
            }
        }
    }

    private CommandNode Command()
    {
        var command = new CommandNode(tokens.PeekNonSpace().Position, []);
        while (true)
        {
            tokens.PeekNonSpace();
            if (Operand() is { } operand)
            {
                command.Arguments.Add(operand);
            }

            var token = tokens.Next();
            if (token.Kind == TokenKind.Space)
            {
                continue;
            }

            if (token.Kind is TokenKind.RightDelimiter or TokenKind.RightParenthesis)
            {
                tokens.Back();
            }
            else if (token.Kind != TokenKind.Pipe)
            {
                throw tokens.Unexpected(token, "operand");
            }

            return command.Arguments.Count > 0 ? command : throw tokens.Error("empty command");
        }
    }

    private Node? Operand()
    {
        var node = Term();
        if (node is null || tokens.Peek().Kind != TokenKind.Field)
        {
            return node;
        }

        // Go places a chain at its first field.
        var position = tokens.Peek().Position;
        var fields = new List<string>();
        while (tokens.Peek().Kind == TokenKind.Field)
        {
            fields.Add(tokens.Next().Text[1..]);
        }

        return node switch
        {
            FieldNode field => new FieldNode(position, [.. field.Names, .. fields]),
            VariableNode variable => new VariableNode(position, [.. variable.Names, .. fields]),
            BoolNode or StringNode or NumberNode or NilNode or DotNode => throw tokens.Error($"unexpected . after term {GoQuote.Quote(node.ToString())}"),
            _ => new ChainNode(position, node, fields),
        };
    }

    private Node? Term()
    {
        var token = tokens.NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return isFunction(token.Text) ? new IdentifierNode(token.Position, token.Text) : throw tokens.Error($"function {GoQuote.Quote(token.Text)} not defined");
            case TokenKind.Dot:
                return new DotNode(token.Position);
            case TokenKind.Nil:
                return new NilNode(token.Position);
            case TokenKind.Variable:
                var variable = Variable(token);
                return Variables.Contains(variable.Names[0]) ? variable : throw tokens.Error($"undefined variable {GoQuote.Quote(variable.Names[0])}");
            case TokenKind.Field:
                return new FieldNode(token.Position, token.Text[1..].Split('.'));
            case TokenKind.Bool:
                return new BoolNode(token.Position, token.Text == "true");
            case TokenKind.CharConstant or TokenKind.Complex or TokenKind.Number:
                return new NumberNode(token.Position, token.Text, Literal(() => NumberLiteral.Parse(token.Text, token.Kind)));
            case TokenKind.String or TokenKind.RawString:
                return new StringNode(token.Position, token.Text, Literal(() => GoUnquote.Text(token.Text)));
            case TokenKind.LeftParenthesis:
                return Parenthesised();
            default:
                tokens.Back();
                return null;
        }
    }

    private PipeNode Parenthesised()
    {
        if (++_depth > MaxDepth)
        {
            throw tokens.Error("max expression depth exceeded");
        }

        var pipe = Pipeline("parenthesized pipeline", TokenKind.RightParenthesis);
        _depth--;
        return pipe;
    }

    private T Literal<T>(Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (FormatException e)
        {
            throw tokens.Error(e.Message);
        }
    }
}
