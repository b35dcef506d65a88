using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LLama.Native;

[assembly: DisableRuntimeMarshalling]

namespace Inference.Llama.Interop;

/// <summary>
/// What LLamaSharp does not offer, or offers behind its process-wide lock: imports on the very library that it loaded. Names, order
/// and types are llama.h's, so that the list can be read beside it. C <c>bool</c> is one byte, hence U1 on each.
/// </summary>
internal static unsafe partial class Native
{
    static Native() => NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, LoadedModules.Resolve);

    // llama.h: contexts
    [LibraryImport("llama")] internal static partial ContextHandle llama_init_from_model(SafeLlamaModelHandle model, LLamaContextParams parameters);
    [LibraryImport("llama")] internal static partial void llama_free(nint context);
    [LibraryImport("llama")] internal static partial uint llama_n_ctx(ContextHandle context);
    [LibraryImport("llama")] internal static partial uint llama_n_ctx_seq(ContextHandle context);
    [LibraryImport("llama")] internal static partial uint llama_n_batch(ContextHandle context);
    [LibraryImport("llama")] internal static partial int llama_pooling_type(ContextHandle context);
    [LibraryImport("llama")] internal static partial void llama_set_n_threads(ContextHandle context, int threads, int batchThreads);
    [LibraryImport("llama")] internal static partial int llama_n_threads(ContextHandle context);
    [LibraryImport("llama")] internal static partial int llama_n_threads_batch(ContextHandle context);
    [LibraryImport("llama")] internal static partial void llama_set_abort_callback(ContextHandle context, delegate* unmanaged[Cdecl]<void*, byte> callback, void* data);

    // llama.h: models
    [LibraryImport("llama")] internal static partial nint llama_model_get_vocab(SafeLlamaModelHandle model);
    [LibraryImport("llama")] internal static partial int llama_model_n_ctx_train(SafeLlamaModelHandle model);
    [LibraryImport("llama")] internal static partial int llama_model_n_embd_out(SafeLlamaModelHandle model);
    [LibraryImport("llama")] internal static partial uint llama_model_n_cls_out(SafeLlamaModelHandle model);
    [LibraryImport("llama")] internal static partial int llama_model_meta_val_str(SafeLlamaModelHandle model, byte* key, byte* buffer, nuint length);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_model_is_hybrid(SafeLlamaModelHandle model);

    // llama.h: memory
    [LibraryImport("llama")] internal static partial nint llama_get_memory(ContextHandle context);
    [LibraryImport("llama")] internal static partial void llama_memory_clear(nint memory, [MarshalAs(UnmanagedType.U1)] bool data);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_memory_seq_rm(nint memory, int sequence, int from, int to);
    [LibraryImport("llama")] internal static partial void llama_memory_seq_cp(nint memory, int source, int target, int from, int to);
    [LibraryImport("llama")] internal static partial void llama_memory_seq_keep(nint memory, int sequence);
    [LibraryImport("llama")] internal static partial void llama_memory_seq_add(nint memory, int sequence, int from, int to, int delta);
    [LibraryImport("llama")] internal static partial int llama_memory_seq_pos_min(nint memory, int sequence);
    [LibraryImport("llama")] internal static partial int llama_memory_seq_pos_max(nint memory, int sequence);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_memory_can_shift(nint memory);

    // llama.h: state of one sequence
    [LibraryImport("llama")] internal static partial nuint llama_state_seq_get_size(ContextHandle context, int sequence);
    [LibraryImport("llama")] internal static partial nuint llama_state_seq_get_data(ContextHandle context, byte* target, nuint length, int sequence);
    [LibraryImport("llama")] internal static partial nuint llama_state_seq_set_data(ContextHandle context, byte* source, nuint length, int sequence);

    // llama.h: decoding
    [LibraryImport("llama")] internal static partial NativeBatch llama_batch_init(int tokens, int embd, int sequences);
    [LibraryImport("llama")] internal static partial void llama_batch_free(NativeBatch batch);
    [LibraryImport("llama")] internal static partial int llama_encode(ContextHandle context, NativeBatch batch);
    [LibraryImport("llama")] internal static partial int llama_decode(ContextHandle context, NativeBatch batch);
    [LibraryImport("llama")] internal static partial float* llama_get_logits_ith(ContextHandle context, int index);
    [LibraryImport("llama")] internal static partial float* llama_get_embeddings_ith(ContextHandle context, int index);
    [LibraryImport("llama")] internal static partial float* llama_get_embeddings_seq(ContextHandle context, int sequence);

    // llama.h: vocabulary
    [LibraryImport("llama")] internal static partial int llama_vocab_n_tokens(VocabularyHandle vocab);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_vocab_is_eog(VocabularyHandle vocab, int token);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_vocab_is_control(VocabularyHandle vocab, int token);
    [LibraryImport("llama")] internal static partial int llama_vocab_bos(VocabularyHandle vocab);
    [LibraryImport("llama")] internal static partial int llama_vocab_eos(VocabularyHandle vocab);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_vocab_get_add_bos(VocabularyHandle vocab);
    [LibraryImport("llama")][return: MarshalAs(UnmanagedType.U1)] internal static partial bool llama_vocab_get_add_eos(VocabularyHandle vocab);
    [LibraryImport("llama")] internal static partial int llama_tokenize(VocabularyHandle vocab, byte* text, int length, int* tokens, int capacity, [MarshalAs(UnmanagedType.U1)] bool addSpecial, [MarshalAs(UnmanagedType.U1)] bool parseSpecial);
    [LibraryImport("llama")] internal static partial int llama_token_to_piece(VocabularyHandle vocab, int token, byte* buffer, int length, int strip, [MarshalAs(UnmanagedType.U1)] bool special);

    // llama.h: sampling
    [LibraryImport("llama")] internal static partial void llama_sampler_accept(SamplerHandle sampler, int token);
    [LibraryImport("llama")] internal static partial void llama_sampler_apply(SamplerHandle sampler, NativeCandidates* candidates);
    [LibraryImport("llama")] internal static partial void llama_sampler_free(nint sampler);
    [LibraryImport("llama")] internal static partial SamplerHandle llama_sampler_chain_init(LLamaSamplerChainParams parameters);
    [LibraryImport("llama")] internal static partial void llama_sampler_chain_add(SamplerHandle chain, nint sampler);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_greedy();
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_dist(uint seed);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_top_k(int k);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_top_p(float p, nuint minKeep);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_min_p(float p, nuint minKeep);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_typical(float p, nuint minKeep);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_temp(float temperature);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_xtc(float probability, float threshold, nuint minKeep, uint seed);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_top_n_sigma(float n);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_penalties(int lastN, float repeat, float frequency, float presence);
    [LibraryImport("llama")] internal static partial nint llama_sampler_init_dry(VocabularyHandle vocab, int trainedContext, float multiplier, float @base, int allowedLength, int lastN, byte** breakers, nuint breakerCount);

    // llama.h: log
    [LibraryImport("llama")] internal static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* data);

    // ggml-backend.h, ggml.h
    [LibraryImport("ggml")] internal static partial nuint ggml_backend_dev_count();
    [LibraryImport("ggml")] internal static partial nint ggml_backend_dev_get(nuint index);
    [LibraryImport("ggml-base")] internal static partial byte* ggml_backend_dev_name(nint device);
    [LibraryImport("ggml-base")] internal static partial byte* ggml_backend_dev_description(nint device);
    [LibraryImport("ggml-base")] internal static partial void ggml_backend_dev_memory(nint device, out nuint free, out nuint total);
    [LibraryImport("ggml-base")] internal static partial int ggml_backend_dev_type(nint device);
    [LibraryImport("ggml-base")] internal static partial byte* ggml_version();
    [LibraryImport("ggml-base")] internal static partial byte* ggml_commit();

    // The C library: its environment is not .NET's on Unix.
    [LibraryImport("libc")] internal static partial int setenv(byte* name, byte* value, int overwrite);
    [LibraryImport("libc")] internal static partial byte* gnu_get_libc_version();
}
