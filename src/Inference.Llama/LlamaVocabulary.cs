using Inference.Llama.Interop;
using LLama.Native;

namespace Inference.Llama;

/// <summary>A model of which the vocabulary was loaded and nothing else. No context can be made of it: llama.cpp would end the process.</summary>
public sealed class LlamaVocabulary : IDisposable
{
    private readonly SafeLlamaModelHandle _handle;

    internal LlamaVocabulary(SafeLlamaModelHandle handle)
    {
        _handle = handle;
        Vocabulary = new Vocabulary(new VocabularyHandle(handle));
    }

    public Vocabulary Vocabulary { get; }

    public void Dispose()
    {
        Vocabulary.Close();
        _handle.Dispose();
    }
}
