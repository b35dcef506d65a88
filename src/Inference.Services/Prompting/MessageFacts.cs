using Inference.V1;

namespace Inference.Services.Prompting;

/// <summary>What a prompt depends on besides the words.</summary>
internal static class MessageFacts
{
    /// <summary>Whether the conversation shows the model images or sounds.</summary>
    public static bool HasMedia(this IEnumerable<ChatMessage> messages) =>
        messages.Any(static m => m.Content.Any(static p => p.KindCase is ContentPart.KindOneofCase.Media));

    public static bool IsSystem(this ChatMessage message) =>
        message.Role is Role.System || (message.AuthorCase is ChatMessage.AuthorOneofCase.CustomRole && message.CustomRole is "system");
}
