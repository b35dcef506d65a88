using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.Ollama.Routes;
using Inference.Facade.OpenAi.Replies;
using Inference.Facade.OpenAi.Requests;
using Inference.Facade.Passthrough;
using Inference.HttpErrors;

namespace Inference.Facade.OpenAi.Routes;

/// <summary>POST /v1/responses, as far as its errors: the answers have no form here yet.</summary>
internal static class ResponsesRoute
{
    public static async Task HandleAsync(OllamaExchange exchange)
    {
        if (await CloudPassthrough.ReadAsync(exchange, keepsSearches: true) is not { } body)
        {
            return;
        }

        exchange.Speak(ErrorForm.OpenAi);
        var call = new ResponsesCall();
        OllamaBody.Decode(body, ResponsesCall.Shape, call, nothing: "EOF");
        var native = call.ToNative();
        if (call.Streams)
        {
            exchange.PromiseEvents();
        }

        exchange.Understood(OllamaRoute.Chat);
        if (call is { Streams: true, SearchesWeb: true })
        {
            exchange.Tell((form, signin) => ResponsesFailure.SendAsync(exchange, call, form, signin));
        }

        await ChatRoute.RunAsync(exchange, native, new NoAnswers("/v1/responses"));
    }
}
