using System.Runtime.InteropServices;
using System.Text;

namespace Inference.Llama.Interop;

/// <summary>Texts as C has them: UTF-8, ended by a zero byte.</summary>
internal static unsafe class NativeText
{
    /// <summary>The bytes of a text and the zero that ends it.</summary>
    public static byte[] Of(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    public static string? From(byte* text) => text is null ? null : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
