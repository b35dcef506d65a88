using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.Ollama.Routes;
using Inference.Facade.OpenAi.Replies;
using Inference.Facade.OpenAi.Requests;
using Inference.Facade.Passthrough;
using Inference.HttpErrors;

namespace Inference.Facade.OpenAi.Routes;

/// <summary>POST /v1/completions.</summary>
internal static class CompletionsRoute
{
    public static async Task HandleAsync(OllamaExchange exchange)
    {
        if (await CloudPassthrough.ReadAsync(exchange) is not { } body)
        {
            return;
        }

        exchange.Speak(ErrorForm.OpenAi);
        var call = new CompletionCall();
        OllamaBody.Decode(body, CompletionCall.Shape, call, nothing: "EOF");
        var native = call.ToNative();
        exchange.Understood(OllamaRoute.Generate);
        await GenerateRoute.RunAsync(exchange, native, new CompletionAnswers(exchange, call.Streams, call.IncludesUsage));
    }
}
