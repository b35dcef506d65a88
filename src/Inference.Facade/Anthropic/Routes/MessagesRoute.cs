using Inference.Errors;
using Inference.Facade.Anthropic.Requests;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.Ollama.Routes;
using Inference.Facade.Passthrough;
using Inference.HttpErrors;
using Inference.Services.Remote;
using Inference.V1;

namespace Inference.Facade.Anthropic.Routes;

/// <summary>POST /v1/messages, as far as its errors: the answers have no form here yet.</summary>
internal static class MessagesRoute
{
    public static async Task HandleAsync(OllamaExchange exchange)
    {
        if (await CloudPassthrough.ReadAsync(exchange, keepsSearches: true) is not { } body)
        {
            return;
        }

        exchange.Speak(ErrorForm.Anthropic);
        var call = new MessagesCall();
        OllamaBody.Decode(body, MessagesCall.Shape, call, nothing: "EOF");
        var native = call.ToNative();
        if (call.Streams)
        {
            exchange.PromiseEvents();
        }

        if (call.SearchesWeb && exchange.Service<Cloud>().Disabled && Cloud.NameOf(call.Model) is not null)
        {
            throw Catalogue.RemoteDisabled.For("web search is unavailable");
        }

        exchange.Understood(OllamaRoute.Chat);
        // A model that cannot think is not asked to: clients of this route ask all alike.
        if (native.Think.IsOn() && !new ModelChecks(exchange, call.Model).Has(Capability.Thinking))
        {
            native.Think = null;
        }

        await ChatRoute.RunAsync(exchange, native, new NoAnswers("/v1/messages"));
    }
}
