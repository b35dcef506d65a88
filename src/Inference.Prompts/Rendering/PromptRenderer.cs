using System.Text;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.GoTemplates.Execution;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.Rendering;

/// <summary>Conversations and prompts as the text that a model reads.</summary>
public static class PromptRenderer
{
    /// <summary>A conversation, with templates of either kind: those that range over messages, and the older ones that run once a turn.</summary>
    /// <exception cref="TemplateException">The template fails on these messages.</exception>
    public static RenderedPrompt Chat(PromptTemplate template, ChatPrompt prompt, TimeProvider time)
    {
        var turns = Turn.FromMessages(prompt);
        var media = turns.SelectMany(static t => t.Media).ToList();
        var system = string.Join("\n\n", turns.Where(static t => t.Role == "system").Select(static t => t.Content));
        var collated = Turn.Collate(turns);
        var output = new StringBuilder();
        if (template.UsesMessages)
        {
            template.Execute(
                Data(
                    prompt.Think,
                    ("System", new GoString(system)),
                    ("Messages", TemplateMessages.List(collated)),
                    ("Tools", TemplateTools.List(prompt)),
                    ("Response", GoString.Empty)),
                new OllamaFunctions(time),
                output);
        }
        else
        {
            new LegacyChat(template, prompt.Think, new OllamaFunctions(time), output).Run(collated);
        }

        return new RenderedPrompt(GoText.Settle(output.ToString()), media);
    }

    /// <summary>A gap to fill between a prompt and a suffix.</summary>
    /// <exception cref="TemplateException">The template fails.</exception>
    public static RenderedPrompt Insert(PromptTemplate template, InsertPrompt prompt, TimeProvider time)
    {
        var output = new StringBuilder();
        template.Execute(
            Data(
                prompt.Think,
                ("Prompt", new GoString(prompt.Prompt)),
                ("Suffix", new GoString(prompt.Suffix)),
                ("Response", GoString.Empty)),
            new OllamaFunctions(time),
            output);
        return new RenderedPrompt(GoText.Settle(output.ToString()), []);
    }

    internal static GoMap Data(ThinkSetting think, params ReadOnlySpan<(string Name, GoValue Value)> values)
    {
        var all = new Dictionary<string, GoValue?>
        {
            ["Think"] = new GoBool(think.Enabled),
            ["ThinkLevel"] = new GoString(think is { Enabled: true, Level: null or "" } ? "medium" : think.Level ?? ""),
            ["IsThinkSet"] = new GoBool(think.IsSet),
        };
        foreach (var (name, value) in values)
        {
            all[name] = value;
        }

        return GoMap.Sorted(GoTypes.AnyMap, all);
    }
}
