using Inference.Errors;
using Inference.Llama;

namespace Inference.Runtime.Scheduling;

/// <summary>What broke in an engine as an error of the catalogue. The words of a failed computation are llama-server's, because Ollama passes them on; other words stay in the log.</summary>
internal static class EngineFailure
{
    /// <param name="cause">What was thrown on the engine's thread.</param>
    /// <param name="model">As the request spells it.</param>
    /// <param name="phase"><c>queue</c>, <c>prompt</c> or <c>output</c>.</param>
    public static InferenceException Of(Exception cause, string model, string phase)
    {
        var failure = Catalogue.EngineFailed.Because(cause, model, phase);
        return cause is LlamaException { Fault: LlamaFault.Compute }
            ? new InferenceException(failure.Error with { Facts = failure.Error.Facts.With("detail", cause.Message).With("type", "server_error") }, cause)
            : failure;
    }
}
