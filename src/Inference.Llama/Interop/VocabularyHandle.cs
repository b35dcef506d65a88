using System.Runtime.InteropServices;
using LLama.Native;

namespace Inference.Llama.Interop;

/// <summary>A <c>llama_vocab</c>: a part of its model, which it keeps in memory. Every owner has its own.</summary>
internal sealed class VocabularyHandle : SafeHandle
{
    private readonly SafeLlamaModelHandle _model;

    public VocabularyHandle(SafeLlamaModelHandle model)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        var added = false;
        model.DangerousAddRef(ref added);
        _model = model;
        SetHandle(Native.llama_model_get_vocab(model));
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _model.DangerousRelease();
        return true;
    }
}
