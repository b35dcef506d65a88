namespace Inference.Services.Prompting;

/// <summary>A text in the model's tokens. Names of control tokens in it are these tokens.</summary>
/// <param name="text">The text.</param>
/// <param name="addSpecial">With what the model expects at the start of a prompt.</param>
internal delegate int[] Tokenize(string text, bool addSpecial);

/// <summary>How a prompt is made to fit.</summary>
/// <param name="ContextLength">Tokens of one sequence; the prompt may have one less, because the answer needs a place.</param>
/// <param name="DropsMessages">Leave out the oldest messages.</param>
/// <param name="CutsMiddle">Leave out the middle of the text.</param>
/// <param name="Keep">Tokens at the start that a cut never drops; -1 is as many as there is room for.</param>
/// <param name="AddsBos">The model puts a token in front of a prompt, which is kept besides.</param>
internal sealed record FitRules(int ContextLength, bool DropsMessages, bool CutsMiddle, int Keep, bool AddsBos)
{
    public int Room => ContextLength - 1;

    /// <summary>Why a prompt that is too long is not made shorter: <c>off</c>, or <c>shift_off</c> where only the shift is forbidden.</summary>
    public string Truncation { get; init; } = "off";

    /// <summary>
    /// Ollama's cut (llm/llama_server.go): the start is kept, and of what is left of the context half stays free, so that the next
    /// cut is not needed at once.
    /// </summary>
    public int[] CutMiddle(int[] tokens)
    {
        var keep = Keep < 0 ? Room : (int)Math.Min((long)Keep + (AddsBos ? 1 : 0), Room);
        var left = ContextLength - keep;
        var tail = left - Math.Max(left / 2, 1);
        return [.. tokens.AsSpan(0, keep), .. tokens.AsSpan(tokens.Length - tail)];
    }
}

/// <summary>A prompt in tokens.</summary>
/// <param name="Text">As the model would read it; before a cut in the middle.</param>
/// <param name="Tokens">Its tokens, after all cuts.</param>
/// <param name="MediaCount">Images and sounds in it.</param>
/// <param name="MessagesDropped">Messages left out.</param>
/// <param name="TokensDropped">Tokens left out, those of the messages included.</param>
internal sealed record FittedPrompt(string Text, int[] Tokens, int MediaCount, int MessagesDropped, int TokensDropped);
