using System.Text;
using System.Text.Json;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.GoTemplates.Execution;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.UnitTests.Prompts.GoTemplates;

/// <summary>Runs a template on data in JSON, where numbers are floats and objects are maps. A response is there, and empty: templates that do not mention it end with it.</summary>
internal static class Go
{
    /// <returns>What it prints, or its error with <c>error: </c> before.</returns>
    public static string Run(string template, string data = "{}")
    {
        try
        {
            var output = new StringBuilder();
            using var json = JsonDocument.Parse(data);
            var values = GoMap.Sorted(GoTypes.AnyMap, JsonValues.Members(json.RootElement).Append(KeyValuePair.Create("Response", (GoValue?)GoString.Empty)));
            PromptTemplate.Parse(template).Execute(values, new OllamaFunctions(TimeProvider.System), output);
            return GoText.Settle(output.ToString());
        }
        catch (TemplateException e)
        {
            return $"error: {e.Message}";
        }
    }
}
