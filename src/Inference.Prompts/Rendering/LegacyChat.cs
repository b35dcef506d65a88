using System.Text;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.GoTemplates.Execution;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.Rendering;

/// <summary>Runs a template of the older kind: once for every turn that is complete, and for the last up to the answer.</summary>
internal sealed class LegacyChat(PromptTemplate template, ThinkSetting think, OllamaFunctions functions, StringBuilder output)
{
    private string _system = "";
    private string _prompt = "";
    private string _response = "";

    public void Run(IEnumerable<Turn> turns)
    {
        foreach (var turn in turns)
        {
            switch (turn.Role)
            {
                case "system":
                    CompleteIf(_prompt.Length > 0 || _response.Length > 0);
                    _system = turn.Content;
                    break;
                case "user":
                    CompleteIf(_response.Length > 0);
                    _prompt = turn.Content;
                    break;
                case "assistant":
                    _response = turn.Content;
                    break;
            }
        }

        template.ExecuteCut(Data(), output);
    }

    private void CompleteIf(bool complete)
    {
        if (complete)
        {
            template.Execute(Data(), functions, output);
            (_system, _prompt, _response) = ("", "", "");
        }
    }

    private GoMap Data() => PromptRenderer.Data(
        think,
        ("System", new GoString(_system)),
        ("Prompt", new GoString(_prompt)),
        ("Response", new GoString(_response)));
}
