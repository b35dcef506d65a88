using System.Globalization;
using Inference.Prompts.GoTemplates.Formatting;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>The functions that Ollama adds.</summary>
internal sealed class OllamaFunctions(TimeProvider time)
{
    private static readonly GoFunction s_json = new("json", [Parameter.Any], null, static a => new GoString(GoJsonText.Marshal(a[0])));
    private static readonly GoFunction s_typeScriptType = new("toTypeScriptType", [Parameter.Any], null, static a => TypeScriptType(a[0]));

    public static bool Has(string name) => name is "json" or "currentDate" or "yesterdayDate" or "toTypeScriptType";

    // The two dates take a format and ignore it.
    public GoFunction? Find(string name) => name switch
    {
        "json" => s_json,
        "toTypeScriptType" => s_typeScriptType,
        "currentDate" => new GoFunction(name, [], Parameter.String, _ => Day(0)),
        "yesterdayDate" => new GoFunction(name, [], Parameter.String, _ => Day(-1)),
        _ => null,
    };

    private GoString Day(int offset) => new(time.GetLocalNow().AddDays(offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    // Of a tool's property, which has the method; anything else is any.
    private static GoValue TypeScriptType(GoValue? value)
    {
        var target = value is GoPointer pointer ? pointer.Target : value;
        return target is not null && target.Type.Methods.TryGetValue("ToTypeScriptType", out var method) ? method(target) : new GoString("any");
    }
}
