namespace Inference.Prompts.Parsing;

internal sealed class ThinkingParser
{
    public static string WithoutThinking(string content) => content;
}
