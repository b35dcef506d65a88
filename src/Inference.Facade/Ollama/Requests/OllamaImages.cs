using System.Text;
using Google.Protobuf;
using Inference.GoJson;

namespace Inference.Facade.Ollama.Requests;

/// <summary>images: files in base64, or as lists of numbers ([]api.ImageData, which is []byte).</summary>
internal static class OllamaImages
{
    private const string Type = "api.ImageData";

    public static void Read(GoJsonReader reader, List<ByteString> images) =>
        reader.List(images, $"[]{Type}", static () => ByteString.Empty, static (r, old) => Image(r, old));

    private static ByteString Image(GoJsonReader reader, ByteString old)
    {
        switch (reader.Peek())
        {
            case GoKind.Null:
                reader.Skip();
                return ByteString.Empty;
            case GoKind.String:
                var text = reader.Text();
                var encoded = text.Escaped ? Encoding.UTF8.GetBytes(text.ToString()) : text.Raw;
                if (GoBase64.Decode(encoded.Span, out var problemAt) is { } bytes)
                {
                    return UnsafeByteOperations.UnsafeWrap(bytes);
                }

                reader.Save(new GoFault.Words($"illegal base64 data at input byte {problemAt}"));
                return old;
            case GoKind.Array:
                var numbers = new List<byte>();
                reader.List<byte>(numbers, Type, static () => 0, static (r, b) => r.Byte(b));
                return ByteString.CopyFrom([.. numbers]);
            default:
                reader.Mismatch(Type);
                return old;
        }
    }
}
