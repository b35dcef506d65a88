using Inference.Prompts.GoTemplates;
using Inference.Prompts.Rendering;
using Inference.TestKit;
using Inference.V1;
using static Inference.UnitTests.Prompts.Rendering.Conversation;

namespace Inference.UnitTests.Prompts.Rendering;

/// <summary>The template of the model that the server brings.</summary>
public sealed class EmbeddedTemplateTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(Places.EmbeddedStore, "template.gotmpl"));

    [Fact]
    public void Template_OfEmbeddedModel_CanDoAllButInsert()
    {
        var template = PromptTemplate.Parse(s_text);
        Assert.True(template.UsesMessages && template.UsesTools && !template.UsesSuffix);
        Assert.Equal(("<think>", "</think>"), template.ThinkingTags);
        Assert.Equal("<tool_call>", template.ToolTag);
    }

    [Fact]
    public void Chat_PlainQuestion_HasNoSystem() =>
        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", Render(s_text, User("Hi")));

    [Fact]
    public void Chat_WithThinking_EndsInTheTag() => Assert.Equal(
        "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n<think>\n",
        Render(s_text, new ChatPrompt([Message(Role.System, "S"), User("Hi")], [], new ThinkSetting(true, true, ""))));

    [Fact]
    public void Chat_WithToolsAndCalls_ShowsBoth()
    {
        var call = Assistant("Let me see.");
        call.Thinking = "hm";
        call.ToolCalls.Add(new ToolCall { Name = "add", ArgumentsJson = """{"b":2,"a":1}""" });
        call.ToolCalls.Add(new ToolCall { Name = "now", ArgumentsJson = "{}" });
        var tools = new[] { Tool("add", """{"type":"object","properties":{"b":{"type":"number"},"a":{"type":"number"}}}""", "Adds"), Tool("now") };
        Assert.Equal(
            """
            <|im_start|>system
            # Tools
            add(a: number, b: number) - Adds
            now() - now<|im_end|>
            <|im_start|>user
            1+2?<|im_end|>
            <|im_start|>assistant
            <think>
            hm
            </think>

            Let me see.
            <tool_call>
            {"name": "add", "arguments": {"a":1,"b":2}}
            </tool_call>
            <tool_call>
            {"name": "now", "arguments": {}}
            </tool_call><|im_end|>
            <|im_start|>tool
            3<|im_end|>
            <|im_start|>assistant

            """,
            Render(s_text, new ChatPrompt([User("1+2?"), call, Message(Role.Tool, "3")], tools, Unset)));
    }
}
