using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Replies;
using Inference.GoJson;
using Inference.Services;
using Inference.V1;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>The answers of /v1/chat/completions (openai.ChatCompletion).</summary>
/// <param name="exchange">The request.</param>
/// <param name="streams">Whether events were asked for.</param>
/// <param name="includesUsage">Whether these end with the counts.</param>
internal sealed class ChatCompletionAnswers(OllamaExchange exchange, bool streams, bool includesUsage) : IAnswers
{
    private readonly string _id = OpenAiOutput.NewId("chatcmpl");

    public Task EmptyAsync(string model, string reason) => streams
        ? exchange.ReplyEventsAsync(json => new ChatCompletionChunks(_id, model, exchange.Time.GetUtcNow()).Empty(json, reason, includesUsage))
        : exchange.ReplyLineAsync(json =>
        {
            Open(json, model);
            json.Raw("{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":"u8);
            json.String(reason);
            json.Raw("}]"u8);
            json.Usage(new GenerationFinish());
            json.Raw("}"u8);
        });

    public Task RenderedAsync(string model, RenderPromptResponse rendered) => exchange.ReplyLineAsync(json =>
    {
        Open(json, model);
        json.Raw("{\"role\":\"\",\"content\":\"\"}"u8);
        json.Finish(FinishReason.Unspecified);
        json.Raw("}]"u8);
        json.Usage(new GenerationFinish());
        json.DebugInfo(rendered);
        json.Raw("}"u8);
    });

    public IGenerationWriter Stream(string model) => new ChatCompletionStream(exchange, new ChatCompletionChunks(_id, model, exchange.Time.GetUtcNow()), includesUsage);

    public Task WholeAsync(string model, WholeAnswer whole) => exchange.ReplyLineAsync(json =>
    {
        Open(json, model);
        json.Raw("{\"role\":\"assistant\",\"content\":"u8);
        json.String(whole.Text);
        json.Optional(",\"reasoning\":"u8, whole.Thinking);
        json.TextualToolCalls(whole.ToolCalls);
        json.Raw("}"u8);
        json.Finish(whole.Finish.Reason, whole.ToolCalls.Count > 0);
        json.NestedLogprobs(whole.Finish.Logprobs);
        json.Raw("}]"u8);
        json.Usage(whole.Finish);
        json.Raw("}"u8);
    });

    private void Open(GoJsonWriter json, string model)
    {
        json.Raw("{\"id\":"u8);
        json.String(_id);
        json.Raw(",\"object\":\"chat.completion\",\"created\":"u8);
        json.Int(exchange.Time.GetUtcNow().ToUnixTimeSeconds());
        json.Raw(",\"model\":"u8);
        json.String(model);
        json.Raw(",\"system_fingerprint\":\"fp_ollama\",\"choices\":[{\"index\":0,\"message\":"u8);
    }
}
