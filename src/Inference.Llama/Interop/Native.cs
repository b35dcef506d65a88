using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LLama.Native;

[assembly: DisableRuntimeMarshalling]

namespace Inference.Llama.Interop;

/// <summary>
/// What LLamaSharp does not offer, or offers behind its process-wide lock: imports on the very library that it loaded. Names, order
/// and types are llama.h's, so that the list can be read beside it.
/// </summary>
internal static unsafe partial class Native
{
    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);

    // LLamaSharp picks a CPU variant folder at run time and keeps the handle to itself. The loaded module's path leads back to it:
    // loading a path a second time returns the same handle, never a second copy.
    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name is not ("llama" or "ggml" or "ggml-base" or "ggml-cpu"))
        {
            return IntPtr.Zero;
        }

        NativeApi.llama_empty_call();
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            if (Path.GetFileNameWithoutExtension(module.FileName) is var file && (file == name || file == "lib" + name))
            {
                return NativeLibrary.Load(module.FileName);
            }
        }

        return IntPtr.Zero;
    }

    [LibraryImport("llama")] internal static partial ContextHandle llama_init_from_model(SafeLlamaModelHandle model, LLamaContextParams parameters);
    [LibraryImport("llama")] internal static partial void llama_free(nint context);

    [LibraryImport("llama")] internal static partial int llama_decode(nint context, NativeBatch batch);
    [LibraryImport("llama")] internal static partial int llama_encode(nint context, NativeBatch batch);
    [LibraryImport("llama")] internal static partial NativeBatch llama_batch_init(int tokens, int embd, int sequences);
    [LibraryImport("llama")] internal static partial void llama_batch_free(NativeBatch batch);

    [LibraryImport("llama")] internal static partial nint llama_get_memory(nint context);
    [LibraryImport("llama")] internal static partial void llama_memory_clear(nint memory, [MarshalAs(UnmanagedType.U1)] bool data);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_memory_seq_rm(nint memory, int sequence, int from, int to);
    [LibraryImport("llama")] internal static partial void llama_memory_seq_cp(nint memory, int source, int target, int from, int to);
    [LibraryImport("llama")] internal static partial void llama_memory_seq_add(nint memory, int sequence, int from, int to, int delta);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_memory_can_shift(nint memory);

    [LibraryImport("llama")] internal static partial float* llama_get_logits_ith(nint context, int index);
    [LibraryImport("llama")] internal static partial float* llama_get_embeddings_seq(nint context, int sequence);
    [LibraryImport("llama")] internal static partial int llama_pooling_type(nint context);
    [LibraryImport("llama")] internal static partial uint llama_n_ctx(nint context);
    [LibraryImport("llama")] internal static partial uint llama_n_ctx_seq(nint context);
    [LibraryImport("llama")] internal static partial int llama_model_n_embd_out(nint model);
    [LibraryImport("llama")] internal static partial uint llama_model_n_cls_out(nint model);

    [LibraryImport("llama")] internal static partial nint llama_model_get_vocab(nint model);
    [LibraryImport("llama")] internal static partial int llama_vocab_n_tokens(nint vocab);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_vocab_is_eog(nint vocab, int token);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_vocab_get_add_bos(nint vocab);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_vocab_get_add_eos(nint vocab);
    [LibraryImport("llama")] internal static partial int llama_token_to_piece(nint vocab, int token, byte* buffer, int length, int strip, [MarshalAs(UnmanagedType.U1)] bool special);
    [LibraryImport("llama")] internal static partial int llama_tokenize(nint vocab, byte* text, int length, int* tokens, int capacity, [MarshalAs(UnmanagedType.U1)] bool addSpecial, [MarshalAs(UnmanagedType.U1)] bool parseSpecial);

    // C bool is one byte.
    [LibraryImport("llama")] internal static partial void llama_set_abort_callback(nint context, delegate* unmanaged[Cdecl]<void*, byte> callback, void* data);

    [LibraryImport("llama")] internal static partial int llama_sampler_sample(nint chain, nint context, int index);
    [LibraryImport("llama")] internal static partial void llama_sampler_accept(nint sampler, int token);
    [LibraryImport("llama")] internal static partial void llama_sampler_chain_add(nint chain, nint sampler);

    [LibraryImport("llama", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint llama_sampler_init_grammar(nint vocab, string grammar, string root);

    [LibraryImport("ggml-base")] internal static partial byte* ggml_commit();
}
