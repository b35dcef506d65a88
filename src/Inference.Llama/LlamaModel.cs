using Inference.Llama.Interop;
using LLama.Native;

namespace Inference.Llama;

/// <summary>Loaded weights. Holds the vocabulary; a <see cref="LlamaContext"/> computes with it.</summary>
public sealed class LlamaModel : IDisposable
{
    private LlamaModel(SafeLlamaModelHandle handle)
    {
        Handle = handle;
        Vocabulary = new Vocabulary(Native.llama_model_get_vocab(handle.DangerousGetHandle()));
    }

    internal SafeLlamaModelHandle Handle { get; }

    internal nint Raw => Handle.DangerousGetHandle();

    public Vocabulary Vocabulary { get; }

    /// <summary>Longest context the model was trained for, in tokens.</summary>
    public int TrainedContext => Handle.ContextSize;

    /// <summary>Bytes of all weights.</summary>
    public long SizeBytes => (long)Handle.SizeInBytes;

    /// <summary>Memory of such a model cannot forget a part, so prefixes are not shared.</summary>
    public bool IsRecurrent => Handle.IsRecurrent;

    public int LayerCount => Handle.LayerCount;

    /// <param name="path">A GGUF file.</param>
    /// <param name="parameters">How to load it.</param>
    /// <param name="progress">Receives 0 to 1 on the loading thread.</param>
    /// <param name="ct">Ends the load at the next progress call.</param>
    /// <exception cref="LlamaException">The file is not a model that can be run here.</exception>
    public static LlamaModel Load(string path, ModelParameters parameters, Action<float>? progress = null, CancellationToken ct = default)
    {
        NativeApi.llama_empty_call(); // before any struct's Default(): only this type's initializer points LLamaSharp at its natives

        // The delegate lives in a local until the native call has returned; an exception must not cross C++ frames.
        LlamaProgressCallback callback = (value, _) =>
        {
            try
            {
                progress?.Invoke(value);
            }
            catch (Exception)
            {
                return false;
            }

            return !ct.IsCancellationRequested;
        };
        var native = LLamaModelParams.Default();
        native.progress_callback = callback;
        native.n_gpu_layers = parameters.GpuLayers;
        native.check_tensors = parameters.CheckTensors;
        native.load_mode = (parameters.MemoryMap ?? true, parameters.LockMemory) switch
        {
            (true, false) => LLamaLoadMode.MemoryMap,
            (true, true) => LLamaLoadMode.MemoryMapAndLock,
            (false, true) => LLamaLoadMode.MemoryLock,
            (false, false) => LLamaLoadMode.None,
        };
        if (parameters.MainGpu is { } gpu)
        {
            native.main_gpu = gpu;
        }

        try
        {
            return new LlamaModel(SafeLlamaModelHandle.LoadFromFile(path, native));
        }
        catch (LLama.Exceptions.LoadWeightsFailedException)
        {
            ct.ThrowIfCancellationRequested();
            throw new LlamaException(LlamaFault.Load, "the file could not be loaded");
        }
        finally
        {
            GC.KeepAlive(callback);
        }
    }

    public void Dispose() => Handle.Dispose();
}
