namespace Inference.Llama;

/// <summary>The engine refused, or an argument would have been too dangerous to pass on. The message is plain English for a log or a detail.</summary>
public sealed class LlamaException(LlamaFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public LlamaFault Fault { get; } = fault;
}

/// <summary>What kind of failure it is; the runtime decides which error of the catalogue that makes.</summary>
public enum LlamaFault
{
    /// <summary>The natives are absent, foreign or lack a library they need.</summary>
    Library,

    /// <summary>The file is no model, is damaged, or is of an architecture that the engine does not know.</summary>
    Load,

    /// <summary>The context could not be made: its parameters are out of range or memory is short.</summary>
    Context,

    /// <summary>A grammar does not parse, is of a kind that would hang or end the process, or leaves no token to choose.</summary>
    Grammar,

    /// <summary>A text cannot be tokenized.</summary>
    Tokenize,

    /// <summary>A computation failed.</summary>
    Compute,

    /// <summary>Memory ran out while computing.</summary>
    Memory,

    /// <summary>The model is of a kind that cannot do what was asked for, such as generating with an encoder.</summary>
    Unsupported,
}
