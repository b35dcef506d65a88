using Google.Protobuf;
using Inference.Errors;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.Ollama.Routes;
using Inference.Facade.OpenAi.Requests;
using Inference.HttpErrors;

namespace Inference.Facade.OpenAi.Routes;

/// <summary>POST /v1/audio/transcriptions, as far as its errors: models that hear are not run here yet. What is for the cloud is not taken out before.</summary>
internal static class TranscriptionsRoute
{
    public static async Task HandleAsync(OllamaExchange exchange)
    {
        exchange.Speak(ErrorForm.OpenAi);
        var form = MultipartForm.Read(exchange.ContentType, await exchange.ReadAsync());
        var native = ToNative(form);
        exchange.Understood(OllamaRoute.Chat);
        await ChatRoute.RunAsync(exchange, native, new NoAnswers("/v1/audio/transcriptions"));
    }

    private static ChatCall ToNative(MultipartForm form)
    {
        var call = new ChatCall { Stream = true };
        call.Request.Model = form.Value("model") is { Length: > 0 } model ? model : throw Catalogue.FieldRequired.For("model");
        var sound = form.File("file") ?? throw Catalogue.FieldRequired.For("file");
        if (sound.IsEmpty)
        {
            throw MediaFault.In("file", "audio file is empty");
        }

        var message = new OllamaMessage { Role = "user", Content = form.Value("prompt") };
        message.Images.Add(OllamaImage.Of(UnsafeByteOperations.UnsafeWrap(sound)));
        call.Messages.Add(message);
        call.Options["temperature"] = 0.0;
        return call;
    }
}
