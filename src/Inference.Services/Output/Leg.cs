using System.Text;
using Inference.Prompts.Parsing;
using Inference.Runtime;

namespace Inference.Services.Output;

/// <summary>One run of the engine within a call.</summary>
/// <param name="spec">What the engine does.</param>
/// <param name="parser">Takes its output apart; null if there is nothing to take apart.</param>
/// <param name="isFree">The format is to begin with the first text, and is not in force yet.</param>
internal sealed class Leg(GenerationSpec spec, OutputParser? parser, bool isFree)
{
    public GenerationSpec Spec { get; } = spec;

    public OutputParser? Parser { get; } = parser;

    public bool IsFree { get; } = isFree;

    /// <summary>Its output as it came.</summary>
    public StringBuilder Raw { get; } = new();

    /// <summary>Tokens read.</summary>
    public int Tokens { get; set; }

    /// <summary>Its output up to where the text begins: behind the thinking and the white space that follows it.</summary>
    /// <param name="close">The tag that closes the thinking.</param>
    public string UpToText(string close)
    {
        var raw = Raw.ToString();
        var at = close.Length == 0 ? -1 : raw.IndexOf(close, StringComparison.Ordinal);
        if (at < 0)
        {
            return "";
        }

        var end = at + close.Length;
        while (end < raw.Length && char.IsWhiteSpace(raw[end]))
        {
            end++;
        }

        return raw[..end];
    }
}

/// <summary>Why a run is over.</summary>
internal enum LegEnd
{
    /// <summary>It is not, or the engine ended it.</summary>
    Itself,

    /// <summary>Text began that the format has to constrain.</summary>
    Text,

    /// <summary>The budget of thinking is used up.</summary>
    Budget,

    /// <summary>One tool call was allowed, and it is complete.</summary>
    Called,
}
