using Inference.Errors;

namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>Reads a template and those that it defines.</summary>
internal sealed class TemplateParser
{
    // Go has no bound; its stack grows.
    private const int MaxDepth = 250;

    private readonly TokenStream _tokens;
    private readonly PipelineParser _pipelines;
    private readonly Dictionary<string, ListNode> _trees = [];
    private int _ranges;
    private int _depth;

    private TemplateParser(string text, Func<string, bool> isFunction)
    {
        _tokens = new TokenStream(text);
        _pipelines = new PipelineParser(_tokens, isFunction);
    }

    /// <summary>The trees by name; the template itself has the empty one.</summary>
    /// <exception cref="TemplateException">It does not parse; the text is Go's.</exception>
    public static Dictionary<string, ListNode> Parse(string text, Func<string, bool> isFunction)
    {
        var parser = new TemplateParser(text, isFunction);
        parser.Add("", parser.Root());
        return parser._trees;
    }

    private ListNode Root()
    {
        var root = new ListNode(_tokens.Peek().Position, []);
        while (_tokens.Peek().Kind != TokenKind.EndOfText)
        {
            if (_tokens.Peek().Kind == TokenKind.LeftDelimiter)
            {
                var delimiter = _tokens.Next();
                if (_tokens.NextNonSpace().Kind == TokenKind.Define)
                {
                    Definition();
                    continue;
                }

                _tokens.Back(delimiter);
            }

            var node = TextOrAction();
            if (node is EndNode or ElseNode)
            {
                throw _tokens.Error($"unexpected {node}");
            }

            root.Nodes.Add(node);
        }

        return root;
    }

    // An empty definition gives way to a full one; two full ones are a mistake.
    private void Add(string name, ListNode tree)
    {
        if (!_trees.TryGetValue(name, out var known) || known.IsBlank)
        {
            _trees[name] = tree;
        }
        else if (!tree.IsBlank)
        {
            throw _tokens.Error($"template: multiple definition of template {GoQuote.Quote(name)}");
        }
    }

    private void Definition()
    {
        const string Context = "define clause";
        var name = TemplateName(_tokens.NextNonSpace(), Context);
        _tokens.Expect(TokenKind.RightDelimiter, Context);
        Add(name, Body(Context));
    }

    // Variables and loops of the surrounding template do not reach into a definition.
    private ListNode Body(string context)
    {
        var (variables, ranges) = (_pipelines.Variables, _ranges);
        (_pipelines.Variables, _ranges) = (["$"], 0);
        var (list, end) = List();
        (_pipelines.Variables, _ranges) = (variables, ranges);
        return end is EndNode ? list : throw _tokens.Error($"unexpected {end} in {context}");
    }

    private (ListNode List, Node End) List()
    {
        if (++_depth > MaxDepth)
        {
            throw _tokens.Error("max nesting depth exceeded");
        }

        var list = new ListNode(_tokens.PeekNonSpace().Position, []);
        while (_tokens.PeekNonSpace().Kind != TokenKind.EndOfText)
        {
            var node = TextOrAction();
            if (node is EndNode or ElseNode)
            {
                _depth--;
                return (list, node);
            }

            list.Nodes.Add(node);
        }

        throw _tokens.Error("unexpected EOF");
    }

    private Node TextOrAction()
    {
        var token = _tokens.NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Text:
                return new TextNode(token.Position, token.Text);
            case TokenKind.LeftDelimiter:
                _tokens.ActionLine = token.Line;
                var action = Action();
                _tokens.ActionLine = 0;
                return action;
            default:
                throw _tokens.Unexpected(token, "input");
        }
    }

    private Node Action()
    {
        var token = _tokens.NextNonSpace();
        switch (token.Kind)
        {
            case TokenKind.Block:
                return Block();
            case TokenKind.Break:
                return Leave(token, "break", new BreakNode(token.Position));
            case TokenKind.Continue:
                return Leave(token, "continue", new ContinueNode(token.Position));
            case TokenKind.Else:
                return Else();
            case TokenKind.End:
                return new EndNode(_tokens.Expect(TokenKind.RightDelimiter, "end").Position);
            case TokenKind.If or TokenKind.Range or TokenKind.With:
                return Control(token.Kind);
            case TokenKind.Template:
                return Template();
            default:
                _tokens.Back();
                return new ActionNode(_tokens.Peek().Position, _pipelines.Pipeline("command", TokenKind.RightDelimiter));
        }
    }

    private Node Leave(Token token, string word, Node node)
    {
        if (_tokens.NextNonSpace() is { Kind: not TokenKind.RightDelimiter } other)
        {
            throw _tokens.Unexpected(other, $"{{{{{word}}}}}");
        }

        return _ranges > 0 ? node : throw _tokens.Error($"{{{{{token.Text}}}}} outside {{{{range}}}}");
    }

    private BranchNode Control(TokenKind kind)
    {
        var context = kind == TokenKind.If ? "if" : kind == TokenKind.Range ? "range" : "with";
        var known = _pipelines.Variables.Count;
        var pipe = _pipelines.Pipeline(context, TokenKind.RightDelimiter);
        _ranges += kind == TokenKind.Range ? 1 : 0;
        var (list, end) = List();
        _ranges -= kind == TokenKind.Range ? 1 : 0;
        var elseList = end is ElseNode ? ElseList(kind, end) : null;
        _pipelines.Variables.RemoveRange(known, _pipelines.Variables.Count - known);
        return kind switch
        {
            TokenKind.If => new IfNode(pipe.Position, pipe, list, elseList),
            TokenKind.Range => new RangeNode(pipe.Position, pipe, list, elseList),
            _ => new WithNode(pipe.Position, pipe, list, elseList),
        };
    }

    // {{else if x}}…{{end}} is {{else}}{{if x}}…{{end}}{{end}} with one end for both.
    private ListNode ElseList(TokenKind kind, Node end)
    {
        if (kind is TokenKind.If or TokenKind.With && _tokens.Peek().Kind == kind)
        {
            _tokens.Next();
            if (++_depth > MaxDepth)
            {
                throw _tokens.Error("max nesting depth exceeded");
            }

            var chained = new ListNode(end.Position, [Control(kind)]);
            _depth--;
            return chained;
        }

        var (list, next) = List();
        return next is EndNode ? list : throw _tokens.Error($"expected end; found {next}");
    }

    private ElseNode Else()
    {
        var next = _tokens.PeekNonSpace();
        return next.Kind is TokenKind.If or TokenKind.With
            ? new ElseNode(next.Position)
            : new ElseNode(_tokens.Expect(TokenKind.RightDelimiter, "else").Position);
    }

    private TemplateNode Block()
    {
        const string Context = "block clause";
        var token = _tokens.NextNonSpace();
        var name = TemplateName(token, Context);
        var pipe = _pipelines.Pipeline(Context, TokenKind.RightDelimiter);
        Add(name, Body(Context));
        return new TemplateNode(token.Position, name, pipe);
    }

    private TemplateNode Template()
    {
        const string Context = "template clause";
        var token = _tokens.NextNonSpace();
        var name = TemplateName(token, Context);
        if (_tokens.NextNonSpace().Kind == TokenKind.RightDelimiter)
        {
            return new TemplateNode(token.Position, name, null);
        }

        _tokens.Back();
        return new TemplateNode(token.Position, name, _pipelines.Pipeline(Context, TokenKind.RightDelimiter));
    }

    private string TemplateName(Token token, string context)
    {
        if (token.Kind is not (TokenKind.String or TokenKind.RawString))
        {
            throw _tokens.Unexpected(token, context);
        }

        try
        {
            return GoUnquote.Text(token.Text);
        }
        catch (FormatException e)
        {
            throw _tokens.Error(e.Message);
        }
    }
}
