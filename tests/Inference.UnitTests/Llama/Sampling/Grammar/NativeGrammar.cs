using System.Runtime.InteropServices;
using Inference.Llama;
using Inference.Llama.Interop;

namespace Inference.UnitTests.Llama.Sampling.Grammar;

/// <summary>llama.cpp's own grammar, to compare ours with.</summary>
internal sealed class NativeGrammar : IDisposable
{
    private static readonly nint Library = NativeLibrary.Load(LlamaLibrary.LibraryPath);
    private static readonly InitGrammar Init = Function<InitGrammar>("llama_sampler_init_grammar");
    private static readonly VocabularyOf GetVocabulary = Function<VocabularyOf>("llama_model_get_vocab");
    private static readonly Apply ApplyTo = Function<Apply>("llama_sampler_apply");
    private static readonly Accept AcceptToken = Function<Accept>("llama_sampler_accept");
    private static readonly Free FreeSampler = Function<Free>("llama_sampler_free");

    private readonly nint _sampler;

    private NativeGrammar(nint sampler) => _sampler = sampler;

    private delegate nint InitGrammar(nint vocab, byte[] grammar, byte[] root);

    private delegate nint VocabularyOf(nint model);

    private delegate void Apply(nint sampler, ref NativeCandidates candidates);

    private delegate void Accept(nint sampler, int token);

    private delegate void Free(nint sampler);

    /// <returns>Null if llama.cpp does not take it.</returns>
    public static NativeGrammar? Create(string grammar)
    {
        var sampler = Init(GetVocabulary(Toy.Model.Handle.DangerousGetHandle()), NativeText.Of(grammar), NativeText.Of("root"));
        return sampler == 0 ? null : new NativeGrammar(sampler);
    }

    public bool[] Allowed()
    {
        var buffer = new CandidateBuffer();
        var candidates = buffer.All(new float[Toy.Vocabulary.Size]);
        ApplyTo(_sampler, ref candidates);
        GC.KeepAlive(buffer);
        return [.. Enumerable.Range(0, Toy.Vocabulary.Size).Select(i => candidates.LogitAt(i) == 0)];
    }

    public void Follow(int token) => AcceptToken(_sampler, token);

    public void Dispose() => FreeSampler(_sampler);

    private static T Function<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(Library, name));
}
