using System.Text;
using Inference.Prompts.GoTemplates.Analysis;
using Inference.Prompts.GoTemplates.Execution;
using Inference.Prompts.GoTemplates.Syntax;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates;

/// <summary>
/// A model's prompt template in Go's <c>text/template</c> notation, parsed. Immutable: parse once, render from any number of threads.
/// </summary>
public sealed class PromptTemplate
{
    private readonly TemplateSet _templates;
    private readonly Lazy<TemplateSet> _cut;
    private readonly SortedSet<string> _names;

    private PromptTemplate(string text)
    {
        Text = text;
        var trees = TemplateParser.Parse(text, static name => Builtins.All.ContainsKey(name) || OllamaFunctions.Has(name));
        _names = TemplateNames.Of(trees.Values);
        var root = trees[""];
        if (!UsesMessages && !_names.Contains("response"))
        {
            root = WithResponse(root);
        }

        _templates = new TemplateSet(text, root, trees);
        _cut = new Lazy<TemplateSet>(() => new TemplateSet(text, ResponseCut.Of(root), null));
        ThinkingTags = ThinkingTagInference.Of(root);
        ToolTag = ToolTagInference.Of(root);
    }

    /// <exception cref="TemplateException">It does not parse; the text is Go's.</exception>
    public static PromptTemplate Parse(string text) => new(text);

    /// <summary>What was parsed.</summary>
    public string Text { get; }

    /// <summary>The names that it mentions, in lower case and sorted: what it is given, fields of that, and variables with their dollar sign.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Ranges over messages; otherwise it is of the older kind, executed once a turn.</summary>
    public bool UsesMessages => _names.Contains("messages");

    /// <summary>Mentions tools: the model has the capability.</summary>
    public bool UsesTools => _names.Contains("tools");

    /// <summary>Mentions the suffix: the model can insert.</summary>
    public bool UsesSuffix => _names.Contains("suffix");

    /// <summary>Opening and closing tag of thinking, inferred from the template; null if the model does not think.</summary>
    public (string Open, string Close)? ThinkingTags { get; }

    /// <summary>What announces a tool call in the output, inferred from the template; <c>{</c> if calls are bare JSON.</summary>
    public string ToolTag { get; }

    /// <exception cref="TemplateException">It fails; the text is Go's.</exception>
    internal void Execute(GoValue data, OllamaFunctions functions, StringBuilder output) =>
        Interpreter.Run(_templates, functions, missingIsZero: true, data, output);

    /// <summary>
    /// Up to the answer. Ollama runs this part as a template of its own, without the functions that it adds, without the
    /// templates defined beside it, and with missing keys absent; so do we, since its errors can be seen.
    /// </summary>
    /// <exception cref="TemplateException">It fails; the text is Go's.</exception>
    internal void ExecuteCut(GoValue data, StringBuilder output) =>
        Interpreter.Run(_cut.Value, functions: null, missingIsZero: false, data, output);

    // A template that says nothing of the answer ends with it.
    private static ListNode WithResponse(ListNode root)
    {
        var pipe = new PipeNode(0) { Commands = { new CommandNode(0, [new FieldNode(0, ["Response"])]) } };
        return new ListNode(root.Position, [.. root.Nodes, new ActionNode(0, pipe)]);
    }
}
