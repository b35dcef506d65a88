using System.Buffers;
using Inference.Facade.Ollama;
using Inference.GoJson;
using Inference.Services.Remote;
using Microsoft.AspNetCore.Http;

namespace Inference.Facade.Ollama.Remote;

/// <summary>Answers for models that are stored here and run on another server (server/routes.go, the remote part of generate and chat).</summary>
internal static class RemoteRelay
{
    /// <summary>Answers with what the other server says, if the model is such a one, or asked for in the cloud.</summary>
    /// <param name="exchange">The request; its body has been read.</param>
    /// <param name="reply">The form of the answer.</param>
    /// <param name="model">The model, spelled as in the request.</param>
    /// <param name="streams">Whether the client asked for a stream. The answer has the same lines, whatever it asked for.</param>
    /// <returns>Whether that was so.</returns>
    public static async Task<bool> TryAsync(OllamaExchange exchange, RemoteReply reply, string model, bool streams)
    {
        if (await CloudRelay.TryAsync(exchange, model))
        {
            return true;
        }

        if (exchange.Service<RemoteModels>().Find(model) is not { } run)
        {
            return false;
        }

        if (streams)
        {
            exchange.Stream(model);
        }

        var body = new RemoteBody();
        body["model"] = default;
        foreach (var (name, value) in RequestMembers.Of(exchange.Body).Where(static m => !RequestMembers.IsModel(m.Key)))
        {
            body[name.ToLowerInvariant()] = value; // whatever the case of a name, it is the field's
        }

        using var lines = await run.SendAsync(reply.Path, body, exchange.Aborted);
        await SendAsync(exchange, reply, lines, run, model, streams);
        return true;
    }

    private static async Task SendAsync(OllamaExchange exchange, RemoteReply reply, RemoteLines lines, RemoteRun run, string model, bool streams)
    {
        var response = exchange.Response;
        await foreach (var line in lines.ReadAsync(exchange.Aborted))
        {
            var text = new ArrayBufferWriter<byte>(line.Length + 64);
            var json = new GoJsonWriter(text);
            reply.Write(json, line, model, run.Name, run.Address);
            json.Raw("\n"u8);
            Begin(response, streams);
            await response.BodyWriter.WriteAsync(text.WrittenMemory, exchange.Aborted);
        }

        Begin(response, streams);
    }

    private static void Begin(HttpResponse response, bool streams)
    {
        if (!response.HasStarted)
        {
            response.ContentType = streams ? OllamaTypes.Lines : OllamaTypes.Json;
        }
    }
}
