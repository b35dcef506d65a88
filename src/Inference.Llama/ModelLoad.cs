using Inference.Llama.Interop;
using LLama.Exceptions;
using LLama.Native;

namespace Inference.Llama;

/// <summary>One load of a file, with its progress and its reason if it fails.</summary>
internal static unsafe class ModelLoad
{
    public static SafeLlamaModelHandle Run(string path, ModelParameters parameters, bool vocabularyOnly, Action<float>? progress, CancellationToken ct)
    {
        LlamaLibrary.Load(); // before any struct's Default()
        RequireFile(path);
        ct.ThrowIfCancellationRequested();
        Exception? thrown = null;

        // The delegate lives in a local until the native call has returned; an exception must not cross C++ frames.
        LlamaProgressCallback callback = (value, _) =>
        {
            try
            {
                progress?.Invoke(value);
            }
            catch (Exception e)
            {
                thrown = e;
            }

            return thrown is null && !ct.IsCancellationRequested;
        };
        var devices = stackalloc nint[2];
        var native = Convert(parameters, devices);
        native.vocab_only = vocabularyOnly;
        native.progress_callback = callback;
        LlamaLog.Begin();
        try
        {
            return SafeLlamaModelHandle.LoadFromFile(path, native);
        }
        catch (Exception e) when (e is LoadWeightsFailedException or IOException or UnauthorizedAccessException)
        {
            ct.ThrowIfCancellationRequested();
            throw thrown is null ? Refused(e) : new LlamaException(LlamaFault.Load, "the load was given up: its progress could not be reported", thrown);
        }
        finally
        {
            GC.KeepAlive(callback);
        }
    }

    private static LlamaException Refused(Exception e) =>
        new(LlamaFault.Load, e is LoadWeightsFailedException ? LlamaLog.Reason("the file is not a model that can be run") : e.Message, e);

    private static void RequireFile(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a path has no zero character", nameof(path)); // C would read a part of it
        }

        if (!File.Exists(path))
        {
            throw new LlamaException(LlamaFault.Load, Directory.Exists(path) ? "the path is a directory and not a file" : "the file does not exist");
        }
    }

    private static LLamaModelParams Convert(ModelParameters parameters, nint* devices)
    {
        var native = LLamaModelParams.Default();
        native.n_gpu_layers = parameters.GpuLayers;
        native.check_tensors = parameters.CheckTensors;
        native.load_mode = (parameters.MemoryMap ?? true, parameters.LockMemory) switch
        {
            (true, false) => LLamaLoadMode.MemoryMap,
            (true, true) => LLamaLoadMode.MemoryMapAndLock,
            (false, true) => LLamaLoadMode.MemoryLock,
            (false, false) => LLamaLoadMode.None,
        };
        if (parameters.MainGpu is { } index && LlamaLibrary.Accelerator(0) != 0)
        {
            devices[0] = LlamaLibrary.Accelerator(index);
            devices[1] = 0; // ends the list
            native.devices = devices[0] != 0 ? devices : throw new LlamaException(LlamaFault.Load, $"there is no accelerator {index}");
        }

        return native;
    }
}
