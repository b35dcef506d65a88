using Inference.Facade.Ollama.Requests;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>Puts items together to messages: thinking and calls come as items of their own and belong to the model's next or last message.</summary>
internal sealed class ResponsesConversation(List<OllamaMessage> messages)
{
    private const string Assistant = "assistant";

    private string _thinking = "";

    public void AddThinking(string thinking) => _thinking = thinking;

    public void Add(OllamaMessage message)
    {
        if (message.Role is Assistant)
        {
            TakeThinking(message);
        }

        messages.Add(message);
    }

    public void AddCall(OllamaToolCall call)
    {
        if (messages is not [.., { Role: Assistant } last])
        {
            last = new OllamaMessage { Role = Assistant };
            messages.Add(last);
        }

        last.ToolCalls.Add(call);
        TakeThinking(last);
    }

    /// <summary>Thinking that nothing came after is a message all the same.</summary>
    public void End()
    {
        if (_thinking.Length > 0)
        {
            messages.Add(new OllamaMessage { Role = Assistant, Thinking = _thinking });
        }
    }

    private void TakeThinking(OllamaMessage message)
    {
        if (_thinking.Length > 0)
        {
            message.Thinking = _thinking;
            _thinking = "";
        }
    }
}
