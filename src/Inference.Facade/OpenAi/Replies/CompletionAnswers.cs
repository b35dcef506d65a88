using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Replies;
using Inference.GoJson;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>The answers of /v1/completions (openai.Completion). There is no thinking in them, and no call.</summary>
/// <param name="exchange">The request.</param>
/// <param name="streams">Whether events were asked for.</param>
/// <param name="includesUsage">Whether these have counts.</param>
internal sealed class CompletionAnswers(OllamaExchange exchange, bool streams, bool includesUsage) : IAnswers
{
    private readonly string _id = OpenAiOutput.NewId("cmpl");

    public Task EmptyAsync(string model, string reason) => streams
        ? exchange.ReplyEventsAsync(json => new CompletionChunks(_id, model, exchange.Time.GetUtcNow(), includesUsage).Empty(json, reason))
        : exchange.ReplyLineAsync(json =>
        {
            Open(json, model, "");
            json.Raw(",\"finish_reason\":"u8);
            json.String(reason);
            Close(json, new GenerationFinish());
        });

    public Task RenderedAsync(string model, RenderPromptResponse rendered) => exchange.ReplyLineAsync(json =>
    {
        Open(json, model, "");
        json.Finish(FinishReason.Unspecified);
        Close(json, new GenerationFinish());
    });

    public IGenerationWriter Stream(string model) => new CompletionStream(exchange, new CompletionChunks(_id, model, exchange.Time.GetUtcNow(), includesUsage));

    public Task WholeAsync(string model, WholeAnswer whole) => exchange.ReplyLineAsync(json =>
    {
        Open(json, model, whole.Text);
        json.Finish(whole.Finish.Reason);
        Close(json, whole.Finish);
    });

    private void Open(GoJsonWriter json, string model, string text)
    {
        json.Raw("{\"id\":"u8);
        json.String(_id);
        json.Raw(",\"object\":\"text_completion\",\"created\":"u8);
        json.Int(exchange.Time.GetUtcNow().ToUnixTimeSeconds());
        json.Raw(",\"model\":"u8);
        json.String(model);
        json.Raw(",\"system_fingerprint\":\"fp_ollama\",\"choices\":[{\"text\":"u8);
        json.String(text);
        json.Raw(",\"index\":0"u8);
    }

    private static void Close(GoJsonWriter json, GenerationFinish finish)
    {
        json.Raw("}]"u8);
        json.Usage(finish);
        json.Raw("}"u8);
    }
}
