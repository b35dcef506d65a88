using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.Ollama.Routes;
using Inference.Facade.OpenAi.Replies;
using Inference.Facade.OpenAi.Requests;
using Inference.Facade.Passthrough;
using Inference.HttpErrors;

namespace Inference.Facade.OpenAi.Routes;

/// <summary>POST /v1/chat/completions.</summary>
internal static class ChatCompletionsRoute
{
    public static async Task HandleAsync(OllamaExchange exchange)
    {
        if (await CloudPassthrough.ReadAsync(exchange) is not { } body)
        {
            return;
        }

        exchange.Speak(ErrorForm.OpenAi);
        var call = new ChatCompletionCall();
        OllamaBody.Decode(body, ChatCompletionCall.Shape, call, nothing: "EOF");
        var native = call.ToNative();
        exchange.Understood(OllamaRoute.Chat);
        await ChatRoute.RunAsync(exchange, native, new ChatCompletionAnswers(exchange, call.Streams, call.IncludesUsage));
    }
}
