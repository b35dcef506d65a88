using Google.Protobuf;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.Rendering;
using Inference.V1;

namespace Inference.UnitTests.Prompts.Rendering;

/// <summary>Short spellings of what the tests render.</summary>
internal static class Conversation
{
    public static ThinkSetting Unset => default;

    public static ChatMessage User(string text) => Message(Role.User, text);

    public static ChatMessage Assistant(string text) => Message(Role.Assistant, text);

    public static ChatMessage Message(Role role, params string[] texts) =>
        new() { Role = role, Content = { texts.Select(static t => new ContentPart { Text = t }) } };

    public static ContentPart Text(string text) => new() { Text = text };

    public static ContentPart Image(byte content) => new() { Media = new Media { Data = ByteString.CopyFrom(content) } };

    public static Tool Tool(string name, string schema = "", string description = "") =>
        new() { Function = new FunctionTool { Name = name, Description = description, ParametersJsonSchema = schema } };

    public static string Render(string template, params ChatMessage[] messages) => Render(template, new ChatPrompt(messages, [], Unset));

    public static string Render(string template, ChatPrompt prompt) => PromptRenderer.Chat(PromptTemplate.Parse(template), prompt, TimeProvider.System).Text;
}
