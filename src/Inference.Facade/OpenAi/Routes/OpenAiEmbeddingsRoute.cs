using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.Ollama.Routes;
using Inference.Facade.OpenAi.Replies;
using Inference.Facade.OpenAi.Requests;
using Inference.Facade.Passthrough;
using Inference.HttpErrors;

namespace Inference.Facade.OpenAi.Routes;

/// <summary>POST /v1/embeddings.</summary>
internal static class OpenAiEmbeddingsRoute
{
    public static async Task HandleAsync(OllamaExchange exchange)
    {
        if (await CloudPassthrough.ReadAsync(exchange) is not { } body)
        {
            return;
        }

        exchange.Speak(ErrorForm.OpenAi);
        var call = new OpenAiEmbedCall();
        OllamaBody.Decode(body, OpenAiEmbedCall.Shape, call, nothing: "EOF");
        var native = call.ToNative();
        exchange.Understood(OllamaRoute.Embed);
        var answer = await EmbedRoutes.AnswerAsync(exchange, native);
        await exchange.ReplyLineAsync(json => EmbeddingList.Write(json, call.Model, answer, call.AsBase64));
    }
}
