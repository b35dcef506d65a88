using System.Globalization;
using System.Text;
using Inference.Prompts.Parsing;
using Inference.V1;

namespace Inference.Prompts.Rendering;

/// <summary>A message as templates see it: its media marked in the text.</summary>
internal sealed record Turn(string Role, string Content, ChatMessage Message, IReadOnlyList<Media> Media)
{
    /// <summary>Media are numbered through the conversation; they are marked where they stand.</summary>
    public static List<Turn> FromMessages(ChatPrompt prompt)
    {
        var strips = prompt.Family == "qwen3" || prompt.ModelName == "deepseek-r1";
        var lastUser = strips ? prompt.Messages.ToList().FindLastIndex(static m => RoleOf(m) == "user") : -1;
        var turns = new List<Turn>(prompt.Messages.Count);
        var count = 0;
        for (var i = 0; i < prompt.Messages.Count; i++)
        {
            turns.Add(FromMessage(prompt.Messages[i], ref count, i < lastUser));
        }

        return turns;
    }

    /// <summary>Neighbours of one role become one, by their text; the rest of the later ones is lost, as in Ollama. Results of tools stay apart.</summary>
    public static List<Turn> Collate(List<Turn> turns)
    {
        var collated = new List<Turn>(turns.Count);
        for (var i = 0; i < turns.Count;)
        {
            var first = turns[i++];
            var content = new StringBuilder(first.Content);
            while (i < turns.Count && turns[i].Role == first.Role && first.Role != "tool")
            {
                content.Append(content.Length > 0 ? "\n\n" : "").Append(turns[i++].Content);
            }

            collated.Add(content.Length == first.Content.Length ? first : first with { Content = content.ToString() });
        }

        return collated;
    }

    private static Turn FromMessage(ChatMessage message, ref int count, bool stripsThinking)
    {
        var role = RoleOf(message);
        var media = new List<Media>();
        var content = message.Content is [{ KindCase: ContentPart.KindOneofCase.Text } single] ? single.Text : Joined(message, media, ref count);
        return new Turn(role, stripsThinking && role == "assistant" ? ThinkingParser.WithoutThinking(content) : content, message, media);
    }

    private static string Joined(ChatMessage message, List<Media> media, ref int count)
    {
        var content = new StringBuilder();
        foreach (var part in message.Content)
        {
            if (part.KindCase == ContentPart.KindOneofCase.Media)
            {
                content.Append(CultureInfo.InvariantCulture, $"[img-{count++}]");
                media.Add(part.Media);
            }
            else
            {
                content.Append(part.Text);
            }
        }

        return content.ToString();
    }

    private static string RoleOf(ChatMessage message) => message.AuthorCase == ChatMessage.AuthorOneofCase.CustomRole
        ? message.CustomRole
        : message.Role switch
        {
            V1.Role.System => "system",
            V1.Role.User => "user",
            V1.Role.Assistant => "assistant",
            V1.Role.Tool => "tool",
            V1.Role.Developer => "developer",
            _ => "",
        };
}
