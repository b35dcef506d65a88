using System.Text;
using Google.Protobuf;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A picture in a data: URL (openai/openai.go, decodeImageURL).</summary>
internal static class OpenAiImage
{
    private static readonly string[] Prefixes =
        ["data:;base64,", "data:image/jpeg;base64,", "data:image/jpg;base64,", "data:image/png;base64,", "data:image/webp;base64,"];

    /// <param name="url">The URL.</param>
    /// <param name="field">Where it stands, in the contract's words.</param>
    /// <exception cref="InferenceException">MEDIA_INVALID.</exception>
    public static ByteString Decode(string url, string field)
    {
        if (url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal))
        {
            throw MediaFault.In(field, "image URLs are not currently supported, please use base64 encoded data instead");
        }

        var prefix = Array.Find(Prefixes, p => url.StartsWith(p, StringComparison.Ordinal));
        return prefix is not null && GoBase64.Decode(Encoding.UTF8.GetBytes(url[prefix.Length..]), out _) is { } bytes
            ? UnsafeByteOperations.UnsafeWrap(bytes)
            : throw MediaFault.In(field, "invalid image input");
    }
}
