using Inference.GoJson;

namespace Inference.Facade.Ollama.Replies;

/// <summary>
/// A printed Modelfile with another system prompt and other parameters: what /api/show makes of the <c>system</c> and
/// <c>options</c> of its request, which change nothing else.
/// </summary>
internal static class ModelfileEdit
{
    // The order in which Ollama prints its commands (server/images.go, Model.String).
    private static readonly string[] Order = ["#", "", "FROM", "ADAPTER", "DRAFT", "TEMPLATE", "SYSTEM", "RENDERER", "PARSER", "PARAMETER", "LICENSE", "MESSAGE"];

    public static string Apply(string modelfile, string system, Dictionary<string, object?> options)
    {
        var commands = Commands(modelfile);
        if (system.Length > 0)
        {
            commands.RemoveAll(static c => Name(c) is "SYSTEM");
            Insert(commands, $"SYSTEM {Quote(system)}\n");
        }

        foreach (var (name, value) in options)
        {
            commands.RemoveAll(c => c.StartsWith($"PARAMETER {name} ", StringComparison.Ordinal));
            foreach (var single in value is List<object?> several ? several : [value])
            {
                Insert(commands, $"PARAMETER {name} {Quote(Plain(single))}\n");
            }
        }

        return string.Concat(commands);
    }

    private static void Insert(List<string> commands, string command)
    {
        var rank = Rank(command);
        commands.Insert(commands.FindLastIndex(c => Rank(c) <= rank) + 1, command);
    }

    private static int Rank(string command) => Array.IndexOf(Order, Name(command)) is var rank and >= 0 ? rank : Order.Length;

    private static string Name(string command) => command[..command.AsSpan().IndexOfAny(' ', '\n')];

    // A value that spans lines is in quotes, in three where it contains one (parser/parser.go, quote).
    private static List<string> Commands(string modelfile)
    {
        var commands = new List<string>();
        for (var at = 0; at < modelfile.Length;)
        {
            var end = LineEnd(modelfile, at);
            var value = ValueStart(modelfile[at..end]) + at;
            if (value + 3 < end && modelfile.AsSpan(value, 3) is "\"\"\"")
            {
                end = LineEnd(modelfile, After(modelfile, "\"\"\"", value + 3));
            }
            else if (value < end && modelfile[value] == '"')
            {
                end = LineEnd(modelfile, After(modelfile, "\"", value + 1));
            }

            commands.Add(modelfile[at..end]);
            at = end;
        }

        return commands;
    }

    private static int ValueStart(string line)
    {
        var value = Name(line).Length + 1;
        // These have a word of their own before the value.
        return Name(line) is "PARAMETER" or "MESSAGE" && line.IndexOf(' ', value) is var space and >= 0 ? space + 1 : value;
    }

    private static int LineEnd(string text, int from) => text.IndexOf('\n', from) is var end and >= 0 ? end + 1 : text.Length;

    private static int After(string text, string mark, int from) => text.IndexOf(mark, from, StringComparison.Ordinal) is var at and >= 0 ? at + mark.Length : text.Length;

    private static string Quote(string value)
    {
        if (!value.Contains('\n', StringComparison.Ordinal) && !value.StartsWith(' ') && !value.EndsWith(' '))
        {
            return value;
        }

        return value.Contains('"', StringComparison.Ordinal) ? $"\"\"\"{value}\"\"\"" : $"\"{value}\"";
    }

    // fmt's %v.
    private static string Plain(object? value) => value switch
    {
        null => "<nil>",
        bool truth => truth ? "true" : "false",
        double number => GoFloatText.Format(number, 'g', -1),
        string text => text,
        List<object?> list => $"[{string.Join(' ', list.Select(Plain))}]",
        Dictionary<string, object?> map => $"map[{string.Join(' ', map.OrderBy(static m => m.Key, GoAny.ByBytes).Select(static m => $"{m.Key}:{Plain(m.Value)}"))}]",
        _ => throw new ArgumentException($"{value.GetType()} is not an untyped JSON value", nameof(value)),
    };
}
