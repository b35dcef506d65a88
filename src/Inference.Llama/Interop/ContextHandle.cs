using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LLama.Native;

namespace Inference.Llama.Interop;

/// <summary>A <c>llama_context</c>. Holds its model's weights; disposed of on the engine thread, the finaliser is the net.</summary>
internal sealed unsafe class ContextHandle : SafeHandle
{
    // Read by native code, which knows no collector: pinned, and as long-lived as the handle. Managed, so that a late abort is harmless.
    private readonly byte[] _abort = GC.AllocateArray<byte>(1, pinned: true);

    private SafeLlamaModelHandle? _model;

    public ContextHandle()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>While true, a computation ends at the next node of its graph.</summary>
    public bool Aborts
    {
        get => Volatile.Read(ref _abort[0]) != 0;
        set => Volatile.Write(ref _abort[0], value ? (byte)1 : (byte)0);
    }

    /// <returns>A handle that may be invalid: llama.cpp has then logged why.</returns>
    public static ContextHandle Create(SafeLlamaModelHandle model, LLamaContextParams parameters)
    {
        // LLamaSharp's Create never sees the null and keeps a reference of the model for it.
        var context = Native.llama_init_from_model(model, parameters);
        if (!context.IsInvalid)
        {
            var added = false;
            model.DangerousAddRef(ref added);
            context._model = model;
            fixed (byte* flag = context._abort)
            {
                Native.llama_set_abort_callback(context, &ShouldAbort, flag);
            }
        }

        return context;
    }

    protected override bool ReleaseHandle()
    {
        Native.llama_free(handle);
        _model?.DangerousRelease();
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte ShouldAbort(void* flag) => *(byte*)flag;
}
