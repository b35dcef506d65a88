using Inference.V1;

namespace Inference.Facade.Ollama;

/// <summary>The words for the roles that the contract has a value for; any other word is a custom role.</summary>
internal static class OllamaRoles
{
    public static Role? Find(string name) => name switch
    {
        "system" => Role.System,
        "user" => Role.User,
        "assistant" => Role.Assistant,
        "tool" => Role.Tool,
        "developer" => Role.Developer,
        _ => null,
    };

    public static string Name(ChatMessage message) =>
        message.AuthorCase is ChatMessage.AuthorOneofCase.CustomRole ? message.CustomRole : message.Role.ToString().ToLowerInvariant();
}
