using Inference.Errors;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>How a route of chat or generate answers: the same work is behind several, each of which tells it in its own form.</summary>
internal interface IAnswers
{
    /// <summary>Why there is no answer to any request; it is told when nothing else is wrong with one.</summary>
    InferenceException? Refusal => null;

    /// <summary>There was nothing to answer.</summary>
    /// <param name="model">The model, spelled as in the request.</param>
    /// <param name="reason"><c>load</c> or <c>unload</c>: what was done instead.</param>
    Task EmptyAsync(string model, string reason);

    /// <summary>The prompt was asked for, not the answer to it.</summary>
    Task RenderedAsync(string model, RenderPromptResponse rendered);

    /// <summary>A stream was asked for: from here on failures are those of a stream.</summary>
    IGenerationWriter Stream(string model);

    /// <summary>The answer is complete.</summary>
    Task WholeAsync(string model, WholeAnswer whole);
}

/// <summary>The answers of /api/chat.</summary>
internal sealed class ChatAnswers(OllamaExchange exchange) : IAnswers
{
    public Task EmptyAsync(string model, string reason) => exchange.ReplyAsync(model, json => ChatReply.Empty(json, reason));

    public Task RenderedAsync(string model, RenderPromptResponse rendered) => exchange.ReplyAsync(model, json => ChatReply.Rendered(json, rendered));

    public IGenerationWriter Stream(string model) => new ChatStream(exchange, exchange.Stream(model));

    public Task WholeAsync(string model, WholeAnswer whole) =>
        exchange.ReplyAsync(model, json => ChatReply.Last(json, whole.Text, whole.Thinking, whole.ToolCalls, whole.Finish));
}

/// <summary>The answers of /api/generate.</summary>
internal sealed class GenerateAnswers(OllamaExchange exchange) : IAnswers
{
    public Task EmptyAsync(string model, string reason) => exchange.ReplyAsync(model, json => GenerateReply.Empty(json, reason));

    public Task RenderedAsync(string model, RenderPromptResponse rendered) => exchange.ReplyAsync(model, json => GenerateReply.Rendered(json, rendered));

    public IGenerationWriter Stream(string model) => new GenerateStream(exchange, exchange.Stream(model));

    public Task WholeAsync(string model, WholeAnswer whole) =>
        exchange.ReplyAsync(model, json => GenerateReply.Last(json, whole.Text, whole.Thinking, whole.ToolCalls, whole.Finish));
}
