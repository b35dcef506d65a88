using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>input: a text of the user, or items (openai.ResponsesInput). It decodes itself, in words of its own.</summary>
internal sealed class ResponsesInput
{
    private string _text = "";
    private List<ResponsesItem> _items = [];

    public void Read(GoJsonReader reader) => reader.Custom(() =>
    {
        if (Decode(reader.Raw()) is { } problem)
        {
            reader.Fail(new GoFault.Words(problem));
        }
    });

    /// <exception cref="Inference.Errors.InferenceException">An item has no form in /api/chat.</exception>
    public void AddTo(List<OllamaMessage> messages)
    {
        if (_text.Length > 0)
        {
            messages.Add(new OllamaMessage { Role = "user", Content = _text });
        }

        var conversation = new ResponsesConversation(messages);
        for (var i = 0; i < _items.Count; i++)
        {
            _items[i].AddTo(conversation, $"messages[{i}]");
        }

        conversation.End();
        // api.Message reads roles in lower case; what belongs together was found by the word as it is written.
        messages.ForEach(static m => m.Role = m.Role.ToLowerInvariant());
    }

    private string? Decode(ReadOnlyMemory<byte> json)
    {
        var read = new TextOrItems();
        if (read.Read(json) is { } fault)
        {
            return $"input must be a string or array: {fault}";
        }

        if (read.Text is { } text)
        {
            _text = text;
            return null;
        }

        _items = new List<ResponsesItem>(read.Items.Count);
        for (var i = 0; i < read.Items.Count; i++)
        {
            if (ResponsesItem.Decode(read.Items[i], out var item) is { } problem)
            {
                return $"input[{i}]: {problem}";
            }

            _items.Add(item!);
        }

        return null;
    }
}

/// <summary>A value that may be a text or a list, which Go finds out by trying: null is an empty text.</summary>
internal sealed class TextOrItems
{
    /// <summary>Null for a list.</summary>
    public string? Text { get; private set; }

    public List<ReadOnlyMemory<byte>> Items { get; } = [];

    public GoFault? Read(ReadOnlyMemory<byte> json) => GoJsonReader.Unmarshal(json, this, static (reader, value) =>
    {
        if (reader.Peek() is GoKind.String or GoKind.Null)
        {
            value.Text = reader.String("");
        }
        else
        {
            reader.List(value.Items, "[]json.RawMessage", static () => default, static (r, _) => r.Raw());
        }
    });
}
