namespace Inference.Server.Options;

/// <summary>One thing that can be set, and everything there is to say about it.</summary>
/// <param name="Option">On the command line; null where a command line would give it away.</param>
/// <param name="Variable">In the environment. OLLAMA_ ones are read as Ollama reads them: what cannot be read is warned about and left at the default.</param>
/// <param name="Key">The property it sets, as a configuration key.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Default">The default, for people.</param>
/// <param name="Meaning">What it does, and where the default comes from.</param>
internal sealed record Setting(string? Option, string Variable, string Key, ValueKind Kind, string Default, string Meaning)
{
    public bool IsOllamas => Variable.StartsWith("OLLAMA_", StringComparison.Ordinal);
}

/// <summary>A kind of value.</summary>
/// <param name="Name">What stands for it in help.</param>
/// <param name="Expectation">What a value must be; the end of an error's sentence.</param>
/// <param name="Read">Into configuration; null if it cannot be read.</param>
internal sealed record ValueKind(string Name, string Expectation, Func<string, string?> Read);
