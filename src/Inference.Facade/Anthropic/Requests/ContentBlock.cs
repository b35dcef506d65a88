using System.Text;
using Google.Protobuf;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.Anthropic.Requests;

/// <summary>A piece of a message (anthropic.ContentBlock). Kinds that are not known are passed over.</summary>
internal sealed class ContentBlock
{
    private static readonly GoStruct<ContentBlock> Shape = new("ContentBlock", "anthropic.ContentBlock",
    [
        ("type", static (r, b) => b._type = r.String(b._type)),
        ("text", static (r, b) => b._text = r.StringPointer(b._text)),
        ("citations", static (r, _) => r.List(new List<ContentBlock>(), "[]anthropic.Citation", static () => new ContentBlock(), Citation)),
        ("source", static (r, b) => b._source = r.Pointer(ImageSource.Shape, b._source)),
        ("id", static (r, b) => b._id = r.String(b._id)),
        ("name", static (r, b) => b._name = r.String(b._name)),
        ("input", static (r, b) => b._call.ReadArguments(r)),
        ("tool_use_id", static (r, b) => b._toolUseId = r.String(b._toolUseId)),
        ("content", static (r, b) => b._content = r.Any()),
        ("is_error", static (r, _) => r.Bool(false)),
        ("thinking", static (r, b) => b._thinking = r.StringPointer(b._thinking)),
        ("signature", static (r, _) => r.String("")),
    ]);

    // Decoded for its types, and then of no effect.
    private static readonly GoStruct<ContentBlock> CitationShape = new("Citation", "anthropic.Citation",
        ("type", static (r, _) => r.String("")),
        ("url", static (r, _) => r.String("")),
        ("title", static (r, _) => r.String("")),
        ("encrypted_index", static (r, _) => r.String("")),
        ("cited_text", static (r, _) => r.String("")));

    private readonly OllamaToolCall _call = new();
    private string _type = "";
    private string? _text;
    private ImageSource? _source;
    private string _id = "";
    private string _name = "";
    private string _toolUseId = "";
    private object? _content;
    private string? _thinking;

    public static ContentBlock OfText(string text) => new() { _type = "text", _text = text };

    public static ContentBlock Read(GoJsonReader reader, ContentBlock block)
    {
        reader.Struct(Shape, block);
        return block;
    }

    /// <param name="said">The message that it is a piece of.</param>
    /// <param name="text">Its text so far.</param>
    /// <param name="results">The results of tools, which are messages of their own.</param>
    /// <param name="field">Where the message stands, in the contract's words.</param>
    /// <param name="index">Its place in the message.</param>
    /// <exception cref="InferenceException">MEDIA_INVALID, FIELD_REQUIRED.</exception>
    public void AddTo(OllamaMessage said, StringBuilder text, List<OllamaMessage> results, string field, int index)
    {
        var media = $"{field}.content[{index}].media";
        switch (_type)
        {
            case "text":
                text.Append(_text);
                return;
            case "image":
                said.Images.Add(OllamaImage.Of((_source ?? throw MediaFault.In(media, "invalid image source")).Decode(media)));
                return;
            case "tool_use":
                var call = $"{field}.tool_calls[{said.ToolCalls.Count}]";
                said.ToolCalls.Add(Call(
                    _id.Length > 0 ? _id : throw Catalogue.FieldRequired.For($"{call}.id"),
                    _name.Length > 0 ? _name : throw Catalogue.FieldRequired.For($"{call}.name")));
                return;
            case "server_tool_use":
                said.ToolCalls.Add(Call(_id, _name));
                return;
            case "thinking":
                said.Thinking = _thinking ?? said.Thinking;
                return;
            case "tool_result":
                var result = new OllamaMessage { Role = "tool", ToolCallId = _toolUseId };
                ToolResult.Read(_content, result, media);
                results.Add(result);
                return;
            case "web_search_tool_result":
                results.Add(new OllamaMessage { Role = "tool", ToolCallId = _toolUseId, Content = ToolResult.OfSearch(_content) });
                return;
        }
    }

    private OllamaToolCall Call(string id, string name)
    {
        (_call.Id, _call.Name) = (id, name);
        return _call;
    }

    private static ContentBlock Citation(GoJsonReader reader, ContentBlock citation)
    {
        reader.Struct(CitationShape, citation);
        return citation;
    }
}

/// <summary>Where a picture is (anthropic.ImageSource).</summary>
internal sealed class ImageSource
{
    public static readonly GoStruct<ImageSource> Shape = new("ImageSource", "anthropic.ImageSource",
        ("type", static (r, s) => s.Type = r.String(s.Type)),
        ("media_type", static (r, _) => r.String("")),
        ("data", static (r, s) => s.Data = r.String(s.Data)),
        ("url", static (r, _) => r.String("")));

    public string Type { get; set; } = "";

    public string Data { get; set; } = "";

    /// <exception cref="InferenceException">MEDIA_INVALID.</exception>
    public ByteString Decode(string field)
    {
        if (Type is not "base64")
        {
            throw MediaFault.In(field, $"invalid image source type: {Type}. Only base64 images are supported.");
        }

        return GoBase64.Decode(Encoding.UTF8.GetBytes(Data), out var problemAt) is { } bytes
            ? UnsafeByteOperations.UnsafeWrap(bytes)
            : throw MediaFault.In(field, $"invalid base64 image data: illegal base64 data at input byte {problemAt}");
    }
}
