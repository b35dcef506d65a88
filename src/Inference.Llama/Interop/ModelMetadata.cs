using System.Text;
using LLama.Native;

namespace Inference.Llama.Interop;

/// <summary>Reads a GGUF header's values back from llama.cpp, which has them as text.</summary>
internal static unsafe class ModelMetadata
{
    public static string? Read(SafeLlamaModelHandle model, string key)
    {
        fixed (byte* name = NativeText.Of(key))
        {
            Span<byte> small = stackalloc byte[256];
            var length = Read(model, name, small);
            if (length < small.Length)
            {
                return length < 0 ? null : Encoding.UTF8.GetString(small[..length]);
            }

            var large = new byte[length + 1];
            return Encoding.UTF8.GetString(large.AsSpan(0, Read(model, name, large)));
        }
    }

    private static int Read(SafeLlamaModelHandle model, byte* name, Span<byte> target)
    {
        fixed (byte* buffer = target)
        {
            return Native.llama_model_meta_val_str(model, name, buffer, (nuint)target.Length);
        }
    }
}
