using Inference.Errors;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>How a stream ends when the context is full: the server ends it as too long, the published error page with an error.</summary>
internal static class FullContext
{
    /// <exception cref="InferenceException">CONTEXT_LENGTH_EXCEEDED, in the page's dialect.</exception>
    public static void Check(GenerationFinish finish, ErrorDialect dialect)
    {
        if (finish.Reason is FinishReason.ContextFull && dialect is ErrorDialect.Documented)
        {
            var tokens = (finish.Usage?.PromptTokens ?? 0) + (finish.Usage?.CompletionTokens ?? 0);
            throw Catalogue.ContextLengthExceeded.For(tokens, tokens);
        }
    }
}
