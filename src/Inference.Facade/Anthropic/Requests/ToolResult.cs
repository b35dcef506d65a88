using System.Buffers;
using System.Text;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.Anthropic.Requests;

/// <summary>What a tool gave back: any JSON value until it is converted.</summary>
internal static class ToolResult
{
    private const string SearchError = "web_search_tool_result_error";

    /// <summary>A text, or blocks of texts and pictures; anything else is nothing.</summary>
    /// <exception cref="Inference.Errors.InferenceException">MEDIA_INVALID.</exception>
    public static void Read(object? content, OllamaMessage message, string field)
    {
        if (content is string whole)
        {
            message.Content = whole;
            return;
        }

        var text = new StringBuilder();
        foreach (var block in (content as List<object?> ?? []).OfType<Dictionary<string, object?>>())
        {
            switch (block.GetValueOrDefault("type"))
            {
                case "text":
                    text.Append(block.GetValueOrDefault("text") as string);
                    break;
                case "image":
                    message.Images.Add(OllamaImage.Of(Image(block.GetValueOrDefault("source"), field).Decode(field)));
                    break;
            }
        }

        message.Content = text.ToString();
    }

    /// <summary>What the server's search found, as the model is told it.</summary>
    public static string OfSearch(object? content) => content switch
    {
        string text => text,
        List<object?> list => Found(list),
        Dictionary<string, object?> error when error.GetValueOrDefault("type") is SearchError => Failed(error),
        _ => Json(content),
    };

    private static string Found(List<object?> list)
    {
        var text = new StringBuilder();
        foreach (var item in list.OfType<Dictionary<string, object?>>())
        {
            switch (item.GetValueOrDefault("type"))
            {
                case "web_search_result":
                    text.Append($"- {item.GetValueOrDefault("title") as string}: {item.GetValueOrDefault("url") as string}\n");
                    break;
                case SearchError:
                    return Failed(item);
            }
        }

        return text.ToString();
    }

    private static string Failed(Dictionary<string, object?> error) =>
        error.GetValueOrDefault("error_code") is string { Length: > 0 } code ? $"{SearchError}: {code}" : SearchError;

    private static string Json(object? value)
    {
        var text = new ArrayBufferWriter<byte>();
        new GoJsonWriter(text).Write(value);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static ImageSource Image(object? source, string field) => source is Dictionary<string, object?> members
        ? new ImageSource { Type = members.GetValueOrDefault("type") as string ?? "", Data = members.GetValueOrDefault("data") as string ?? "" }
        : throw MediaFault.In(field, "invalid tool_result image source");
}
