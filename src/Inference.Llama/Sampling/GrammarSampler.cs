using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>A grammar and how far an output has got in it.</summary>
internal sealed unsafe class GrammarSampler : IDisposable
{
    private readonly VocabularyHandle _vocabulary; // the sampler reads it: kept for as long
    private readonly SamplerHandle _sampler;

    public GrammarSampler(LlamaModel model, string grammar)
    {
        Gbnf.Check(grammar, name => model.Vocabulary.Tokenize(name, addSpecial: false, parseSpecial: true).Length == 1);
        _vocabulary = new VocabularyHandle(model.Handle);
        LlamaLog.Begin();
        fixed (byte* text = NativeText.Of(grammar), root = "root"u8)
        {
            _sampler = Native.llama_sampler_init_grammar(_vocabulary, text, root);
        }

        if (_sampler.IsInvalid)
        {
            _vocabulary.Dispose();
            throw new LlamaException(LlamaFault.Grammar, LlamaLog.Reason("llama.cpp does not accept it"));
        }
    }

    public bool Allows(int token)
    {
        var one = new NativeCandidate { Token = token };
        var candidates = new NativeCandidates { Data = &one, Size = 1, Selected = -1 };
        _sampler.Apply(ref candidates);
        return one.Logit == 0; // a refused one has -infinity
    }

    public void Apply(ref NativeCandidates candidates) => _sampler.Apply(ref candidates);

    /// <summary>Only of a token that it allows: any other ends the process.</summary>
    public void Accept(int token) => _sampler.Accept(token);

    public void Dispose()
    {
        _sampler.Dispose();
        _vocabulary.Dispose();
    }
}
