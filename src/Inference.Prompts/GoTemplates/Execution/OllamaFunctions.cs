using System.Collections.Frozen;
using System.Globalization;
using Inference.Prompts.GoTemplates.Formatting;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>The functions that Ollama adds.</summary>
internal sealed class OllamaFunctions
{
    private static readonly FrozenSet<string> s_names = FrozenSet.Create("json", "currentDate", "yesterdayDate", "toTypeScriptType");

    private readonly FrozenDictionary<string, GoFunction> _functions;

    public OllamaFunctions(TimeProvider time)
    {
        // Both take a format and ignore it.
        string Day(int offset) => time.GetLocalNow().AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        _functions = new GoFunction[]
        {
            new("json", [Parameter.Any], null, static a => new GoString(GoJsonText.Marshal(a[0]))),
            new("currentDate", [], Parameter.String, _ => new GoString(Day(0))),
            new("yesterdayDate", [], Parameter.String, _ => new GoString(Day(-1))),
            new("toTypeScriptType", [Parameter.Any], null, static a => TypeScriptType(a[0])),
        }.ToFrozenDictionary(static f => f.Name);
    }

    public static bool Has(string name) => s_names.Contains(name);

    public GoFunction? Find(string name) => _functions.GetValueOrDefault(name);

    // Of a tool's property, which has the method; anything else is any.
    private static GoValue TypeScriptType(GoValue? value)
    {
        var target = value is GoPointer pointer ? pointer.Target : value;
        return target is not null && target.Type.Methods.TryGetValue("ToTypeScriptType", out var method) ? method(target) : new GoString("any");
    }
}
