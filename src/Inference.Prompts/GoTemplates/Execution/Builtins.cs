using System.Collections.Frozen;
using Inference.Prompts.GoTemplates.Formatting;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>The functions of every Go template. <c>and</c>, <c>or</c> and <c>call</c> are the evaluator's: it decides what they evaluate.</summary>
internal static class Builtins
{
    private static readonly GoCall s_evaluator = static _ => throw new GoFunctionException("unreachable");

    public static readonly FrozenDictionary<string, GoFunction> All = new GoFunction[]
    {
        new("and", [Parameter.Value], Parameter.Value, s_evaluator),
        new("or", [Parameter.Value], Parameter.Value, s_evaluator),
        new("call", [Parameter.Value], Parameter.Value, s_evaluator),
        new("not", [Parameter.Value], null, static a => new GoBool(GoValue.Held(a[0]) is not { IsTrue: true })),
        new("len", [Parameter.Value], null, static a => Indexing.Length(a[0])),
        new("index", [Parameter.Value], Parameter.Value, static a => Indexing.Index(a[0], a[1..])),
        new("slice", [Parameter.Value], Parameter.Value, static a => Indexing.Slice(a[0], a[1..])),
        new("print", [], Parameter.Any, static a => new GoString(GoPrint.Sprint(a))),
        new("println", [], Parameter.Any, static a => new GoString(GoPrint.Sprintln(a))),
        new("printf", [Parameter.String], Parameter.Any, static a => new GoString(GoPrint.Sprintf(((GoString)a[0]!).Text, a[1..]))),
        new("html", [], Parameter.Any, static a => new GoString(Escapes.Html(Printed(a)))),
        new("js", [], Parameter.Any, static a => new GoString(Escapes.JavaScript(Printed(a)))),
        new("urlquery", [], Parameter.Any, static a => new GoString(Escapes.UrlQuery(Printed(a)))),
        new("eq", [Parameter.Value], Parameter.Value, static a => new GoBool(Comparison.Equal(a[0], a[1..]))),
        new("ne", [Parameter.Value, Parameter.Value], null, static a => new GoBool(!Comparison.Equal(a[0], a[1..]))),
        new("lt", [Parameter.Value, Parameter.Value], null, static a => new GoBool(Comparison.Less(a[0], a[1]))),
        new("le", [Parameter.Value, Parameter.Value], null, static a => new GoBool(LessOrEqual(a))),
        new("gt", [Parameter.Value, Parameter.Value], null, static a => new GoBool(!LessOrEqual(a))),
        new("ge", [Parameter.Value, Parameter.Value], null, static a => new GoBool(!Comparison.Less(a[0], a[1]))),
    }.ToFrozenDictionary(static f => f.Name);

    private static bool LessOrEqual(ReadOnlySpan<GoValue?> a) => Comparison.Less(a[0], a[1]) || Comparison.Equal(a[0], a[1..]);

    // The escapers print an absent value as actions do.
    private static string Printed(ReadOnlySpan<GoValue?> arguments)
    {
        var printable = new GoValue?[arguments.Length];
        for (var i = 0; i < printable.Length; i++)
        {
            printable[i] = Printable(arguments[i]);
        }

        return GoPrint.Sprint(printable);
    }

    /// <summary>What stands for a value where it is printed: the end of a pointer; a remark for none.</summary>
    public static GoValue? Printable(GoValue? value)
    {
        var printed = value is GoPointer ? GoValue.Indirect(value).Value : value;
        return printed ?? new GoString("<no value>");
    }
}
