using System.Runtime.InteropServices;
using LLama.Native;

namespace Inference.Llama.Interop;

/// <summary>A <c>llama_context</c>. Holds its model's weights; disposed of on the engine thread, the finaliser is the net.</summary>
internal sealed class ContextHandle : SafeHandle
{
    private SafeLlamaModelHandle? _model;

    public ContextHandle()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

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
        }

        return context;
    }

    protected override bool ReleaseHandle()
    {
        Native.llama_free(handle);
        _model?.DangerousRelease();
        return true;
    }
}
