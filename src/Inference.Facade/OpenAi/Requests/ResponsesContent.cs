using System.Text;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A part of a message or of a call's output: text, a picture, or a file, which nobody reads.</summary>
internal sealed class ResponsesContent
{
    private static readonly GoStruct<ResponsesContent> HeadShape = new("", "struct { Type string \"json:\\\"type\\\"\" }",
        ("type", static (r, c) => c._type = r.String(c._type)));

    private static readonly GoStruct<ResponsesContent> TextShape = new("ResponsesTextContent", "openai.ResponsesTextContent",
        ("type", static (r, c) => c._type = r.String(c._type)),
        ("text", static (r, c) => c._text = r.String(c._text)));

    private static readonly GoStruct<ResponsesContent> OutputShape = new("ResponsesOutputTextContent", "openai.ResponsesOutputTextContent",
        ("type", static (r, c) => c._type = r.String(c._type)),
        ("text", static (r, c) => c._text = r.String(c._text)));

    private static readonly GoStruct<ResponsesContent> ImageShape = new("ResponsesImageContent", "openai.ResponsesImageContent",
        ("type", static (r, c) => c._type = r.String(c._type)),
        ("detail", static (r, _) => r.String("")),
        ("file_id", static (r, _) => r.String("")),
        ("image_url", static (r, c) => c._imageUrl = r.String(c._imageUrl)));

    private static readonly GoStruct<ResponsesContent> FileShape = new("ResponsesFileContent", "openai.ResponsesFileContent",
        ("type", static (r, c) => c._type = r.String(c._type)),
        ("file_data", static (r, _) => r.String("")),
        ("file_id", static (r, _) => r.String("")),
        ("file_url", static (r, _) => r.String("")),
        ("filename", static (r, _) => r.String("")));

    private string _type = "";
    private string _text = "";
    private string _imageUrl = "";

    /// <param name="json">A text, a list of parts, or nothing.</param>
    /// <param name="name">What it is called in what is said of it.</param>
    /// <param name="parts">What was read.</param>
    /// <returns>What is wrong with it; null for nothing.</returns>
    public static string? Decode(ReadOnlyMemory<byte> json, string name, out List<ResponsesContent> parts)
    {
        parts = [];
        if (json.IsEmpty)
        {
            return null;
        }

        var read = new TextOrItems();
        if (read.Read(json) is { } fault)
        {
            return $"{name} must be a string or array: {fault}";
        }

        if (read.Text is { } text)
        {
            parts.Add(new ResponsesContent { _type = "input_text", _text = text });
            return null;
        }

        for (var i = 0; i < read.Items.Count; i++)
        {
            var part = new ResponsesContent();
            if (part.Read(read.Items[i]) is { } problem)
            {
                return $"{name}[{i}]: {problem}";
            }

            parts.Add(part);
        }

        return null;
    }

    /// <summary>One message with all the parts: the texts joined, the pictures beside them.</summary>
    /// <exception cref="Inference.Errors.InferenceException">MEDIA_INVALID.</exception>
    public static OllamaMessage ToNative(List<ResponsesContent> parts, string role, string field)
    {
        var text = new StringBuilder();
        var message = new OllamaMessage { Role = role };
        for (var i = 0; i < parts.Count; i++)
        {
            switch (parts[i]._type)
            {
                case "input_file":
                    throw MediaFault.In($"{field}.content[{i}].media", "file inputs are not currently supported");
                case "input_image" when parts[i]._imageUrl.Length > 0:
                    message.Images.Add(OllamaImage.Of(OpenAiImage.Decode(parts[i]._imageUrl, $"{field}.content[{i}].media")));
                    break;
                default:
                    text.Append(parts[i]._text);
                    break;
            }
        }

        message.Content = text.ToString();
        return message;
    }

    private string? Read(ReadOnlyMemory<byte> json)
    {
        if (GoJsonReader.Unmarshal(json, this, static (r, c) => r.Struct(HeadShape, c)) is { } fault)
        {
            return fault.ToString();
        }

        var shape = _type switch
        {
            "input_text" => TextShape,
            "output_text" => OutputShape,
            "input_image" => ImageShape,
            "input_file" => FileShape,
            _ => null,
        };
        return shape is null ? $"unknown content type: {_type}" : GoJsonReader.Unmarshal(json, (shape, part: this), static (r, into) => r.Struct(into.shape, into.part))?.ToString();
    }
}
