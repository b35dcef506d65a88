using System.Text;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.Anthropic.Requests;

/// <summary>A message (anthropic.MessageParam), which decodes itself: its content is one text or blocks.</summary>
internal sealed class MessagesTurn
{
    private static readonly GoStruct<MessagesTurn> Shape = new("", "struct { Role string \"json:\\\"role\\\"\"; Content json.RawMessage \"json:\\\"content\\\"\" }",
        ("role", static (r, t) => t._role = r.String(t._role)),
        ("content", static (r, t) => t._json = r.Raw()));

    private readonly List<ContentBlock> _blocks = [];
    private string _role = "";
    private ReadOnlyMemory<byte> _json;

    public static MessagesTurn Read(GoJsonReader reader, MessagesTurn turn)
    {
        reader.Custom(() =>
        {
            (turn._role, turn._json) = ("", default);
            reader.Struct(Shape, turn);
            if (!reader.Faulty && turn.ReadContent() is { } fault)
            {
                reader.Fail(fault);
            }
        });
        return turn;
    }

    /// <summary>Ollama's messages: what was said in one, each result of a tool in one of its own, before it where the user says it.</summary>
    /// <exception cref="Inference.Errors.InferenceException">MEDIA_INVALID, FIELD_REQUIRED.</exception>
    public void AddTo(List<OllamaMessage> messages, string field)
    {
        var said = new OllamaMessage { Role = _role.ToLowerInvariant() };
        var text = new StringBuilder();
        var results = new List<OllamaMessage>();
        for (var i = 0; i < _blocks.Count; i++)
        {
            _blocks[i].AddTo(said, text, results, field, i);
        }

        said.Content = text.ToString();
        var first = said.Role is "user";
        messages.AddRange(first ? results : []);
        if (said.Content.Length > 0 || said.Images.Count > 0 || said.ToolCalls.Count > 0 || said.Thinking.Length > 0)
        {
            messages.Add(said);
        }

        messages.AddRange(first ? [] : results);
    }

    // Where there is none, an empty text is decoded, which is not JSON.
    private GoFault? ReadContent() => GoJsonReader.Unmarshal(_json, _blocks, static (reader, blocks) =>
    {
        if (reader.Peek() is GoKind.String or GoKind.Null)
        {
            blocks.Clear();
            blocks.Add(ContentBlock.OfText(reader.String("")));
        }
        else
        {
            reader.List(blocks, "[]anthropic.ContentBlock", static () => new ContentBlock(), ContentBlock.Read);
        }
    });
}
