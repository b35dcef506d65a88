using Inference.Errors;
using Inference.Store;
using Inference.V1;

namespace Inference.Services.Upkeep;

/// <summary>Messages to keep with a model: their words. Pictures, thoughts and calls of tools are not kept with models here.</summary>
internal static class StoredText
{
    /// <exception cref="InferenceException">FEATURE_UNSUPPORTED.</exception>
    public static StoredMessage Of(ChatMessage message)
    {
        if (message.ToolCalls.Count > 0 || message.Thinking.Length > 0 || message.ToolName.Length > 0 || message.ToolCallId.Length > 0 || message.Content.Any(static p => p.KindCase is not ContentPart.KindOneofCase.Text))
        {
            throw Catalogue.FeatureUnsupported.For("stored messages with anything but text");
        }

        return new StoredMessage(RoleOf(message), string.Concat(message.Content.Select(static p => p.Text)));
    }

    private static string RoleOf(ChatMessage message) => message.AuthorCase is ChatMessage.AuthorOneofCase.CustomRole ? message.CustomRole : message.Role switch
    {
        Role.Unspecified => "",
        var role => role.ToString().ToLowerInvariant(),
    };
}
