using System.Text;
using Google.Protobuf;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A file in base64, or as a list of numbers (api.ImageData, which is []byte).</summary>
internal sealed class OllamaImage
{
    private const string Type = "api.ImageData";

    // While it is a list of numbers: a later one is read into the same.
    private List<byte>? _numbers;

    public ByteString Data { get; private set; } = ByteString.Empty;

    /// <summary>One that another dialect has decoded.</summary>
    public static OllamaImage Of(ByteString data) => new() { Data = data };

    public static void ReadList(GoJsonReader reader, List<OllamaImage> images) =>
        reader.List(images, $"[]{Type}", static () => new OllamaImage(), static (r, image) => image.Read(r));

    public Media ToContract() => new() { Data = Data };

    private OllamaImage Read(GoJsonReader reader)
    {
        switch (reader.Peek())
        {
            case GoKind.Null:
                reader.Skip();
                Set(ByteString.Empty);
                break;
            case GoKind.String:
                ReadBase64(reader);
                break;
            case GoKind.Array:
                _numbers ??= [.. Data.Span];
                reader.List(_numbers, Type, static () => (byte)0, static (r, b) => r.Byte(b));
                Data = ByteString.CopyFrom([.. _numbers]);
                break;
            default:
                reader.Mismatch(Type);
                break;
        }

        return this;
    }

    private void ReadBase64(GoJsonReader reader)
    {
        var text = reader.Text();
        var encoded = text.Escaped ? Encoding.UTF8.GetBytes(text.ToString()) : text.Raw;
        if (GoBase64.Decode(encoded.Span, out var problemAt) is { } bytes)
        {
            Set(UnsafeByteOperations.UnsafeWrap(bytes));
        }
        else
        {
            reader.Save(new GoFault.Words($"illegal base64 data at input byte {problemAt}"));
        }
    }

    private void Set(ByteString data) => (Data, _numbers) = (data, null);
}
