using System.Text;
using Inference.V1;

namespace Inference.Facade.Ollama;

/// <summary>Warnings where Ollama has none: in a header, which changes no body.</summary>
internal static class OllamaWarnings
{
    public const string Header = "X-Inference-Warning";

    /// <summary>The reason as in the contract, and the sentence, of which a header carries the printable ASCII.</summary>
    public static string Format(Warning warning)
    {
        var reason = string.Concat(warning.Reason.ToString().Select(static (c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
        var message = new StringBuilder(warning.Message);
        for (var i = 0; i < message.Length; i++)
        {
            message[i] = message[i] is >= ' ' and < '\x7f' ? message[i] : '?';
        }

        return $"{reason}: {message}";
    }
}
