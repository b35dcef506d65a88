using Inference.Prompts.GoTemplates;
using Inference.Prompts.Parsing;
using Inference.V1;

namespace Inference.UnitTests.Prompts.Parsing;

/// <summary>Feeds a parser a text in pieces.</summary>
internal static class Chunks
{
    public const string Thinking = "{{ range .Messages }}{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}{{ end }}";
    public const string Tagged = "{{ range .Messages }}{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ if .ToolCalls }}<call>{{ end }}{{ end }}";
    public const string Bare = "{{ range .Messages }}{{ if .ToolCalls }}{\"name\"{{ end }}{{ end }}";
    public const string List = "{{ range .Messages }}{{ if .ToolCalls }}[{\"name\"{{ end }}{{ end }}";

    public static readonly IReadOnlyList<Tool> Tools = [.. new[] { "get", "get_weather", "add" }.Select(static n => new Tool { Function = new FunctionTool { Name = n } })];

    public static (string Answer, OutputParser Parser) Parse(string template, IReadOnlyList<Tool> tools, IEnumerable<string> pieces, string prompt = "")
    {
        var ids = 0;
        var parser = new OutputParser(PromptTemplate.Parse(template), tools, thinks: true, prompt, () => $"call_{ids++}");
        var parts = new List<OutputPart>();
        foreach (var piece in pieces)
        {
            parser.Feed(piece, parts);
        }

        parser.End(parts);
        return (Show(parts), parser);
    }

    /// <summary>Each character a piece of its own.</summary>
    public static IEnumerable<string> Characters(string text) => text.EnumerateRunes().Select(static r => r.ToString());

    // Neighbouring pieces of one kind are one.
    private static string Show(List<OutputPart> parts)
    {
        var shown = new List<(char Kind, string Text)>();
        foreach (var part in parts)
        {
            var next = part.Thinking is { } thinking ? ('T', thinking)
                : part.Text is { } text ? ('C', text)
                : ('!', $"{part.ToolCall!.Index} {part.ToolCall.Id} {part.ToolCall.Name} {part.ToolCall.ArgumentsJson}");
            if (shown.Count > 0 && shown[^1].Kind == next.Item1 && next.Item1 != '!')
            {
                shown[^1] = (next.Item1, shown[^1].Text + next.Item2);
            }
            else
            {
                shown.Add(next);
            }
        }

        return string.Join('|', shown.Select(static s => $"{s.Kind}:{s.Text}"));
    }
}
