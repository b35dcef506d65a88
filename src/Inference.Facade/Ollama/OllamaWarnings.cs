using System.Text;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama;

/// <summary>Warnings where Ollama has none: in a header, which changes no body.</summary>
internal static class OllamaWarnings
{
    public const string Header = "X-Inference-Warning";

    /// <summary>The reason as in the contract, and the sentence, of which a header carries the printable ASCII.</summary>
    public static string Format(Warning warning)
    {
        var message = new StringBuilder(warning.Message);
        for (var i = 0; i < message.Length; i++)
        {
            message[i] = message[i] is >= ' ' and < '\x7f' ? message[i] : '?';
        }

        return $"{WarningCatalogue.NameOf(warning.Reason)}: {message}";
    }
}
