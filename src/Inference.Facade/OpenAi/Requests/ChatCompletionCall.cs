using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A body of POST /v1/chat/completions, and what Ollama makes of it: a request of its own /api/chat (openai/openai.go, FromChatRequest).</summary>
internal sealed class ChatCompletionCall
{
    public static readonly GoStruct<ChatCompletionCall> Shape = new("ChatCompletionRequest", "openai.ChatCompletionRequest",
    [
        ("model", static (r, c) => c._model = r.String(c._model)),
        ("messages", static (r, c) => r.List(c._messages, "[]openai.Message", static () => new ChatCompletionMessage(), ChatCompletionMessage.Read)),
        ("stream", static (r, c) => c.Streams = r.Bool(c.Streams)),
        ("stream_options", static (r, c) => c._streamOptions = r.Pointer(OpenAiStreamOptions.Shape, c._streamOptions)),
        ("max_tokens", static (r, c) => c._maxTokens = r.Pointer(c._maxTokens, static (r, n) => r.Int(n))),
        ("seed", static (r, c) => c._seed = r.Pointer(c._seed, static (r, n) => r.Int(n))),
        ("stop", static (r, c) => c._stop = r.Any()),
        ("temperature", static (r, c) => c._temperature = Float(r, c._temperature)),
        ("frequency_penalty", static (r, c) => c._frequencyPenalty = Float(r, c._frequencyPenalty)),
        ("presence_penalty", static (r, c) => c._presencePenalty = Float(r, c._presencePenalty)),
        ("top_p", static (r, c) => c._topP = Float(r, c._topP)),
        ("response_format", static (r, c) => c._format = r.Pointer(OpenAiFormat.Shape, c._format)),
        ("tools", static (r, c) => r.List(c._tools, "[]api.Tool", static () => new OllamaTool(), OllamaTool.Read)),
        ("reasoning", static (r, c) => c._reasoning = r.Pointer(OpenAiReasoning.Shape, c._reasoning)),
        ("reasoning_effort", static (r, c) => c._reasoningEffort = r.StringPointer(c._reasoningEffort)),
        ("logprobs", static (r, c) => c._logprobs = r.BoolPointer(c._logprobs)),
        ("top_logprobs", static (r, c) => c._topLogprobs = r.Int(c._topLogprobs)),
        ("_debug_render_only", static (r, c) => c._renderOnly = r.Bool(c._renderOnly)),
    ]);

    private readonly List<ChatCompletionMessage> _messages = [];
    private readonly List<OllamaTool> _tools = [];
    private string _model = "";
    private OpenAiStreamOptions? _streamOptions;
    private long? _maxTokens;
    private long? _seed;
    private object? _stop;
    private double? _temperature;
    private double? _frequencyPenalty;
    private double? _presencePenalty;
    private double? _topP;
    private OpenAiFormat? _format;
    private OpenAiReasoning? _reasoning;
    private string? _reasoningEffort;
    private bool? _logprobs;
    private long _topLogprobs;
    private bool _renderOnly;

    public bool Streams { get; private set; }

    /// <summary>Whether a stream ends with the counts.</summary>
    public bool IncludesUsage => _streamOptions is { IncludeUsage: true };

    /// <exception cref="InferenceException">It has no form in /api/chat.</exception>
    public ChatCall ToNative()
    {
        if (_messages.Count == 0)
        {
            throw Catalogue.FieldRequired.For("messages");
        }

        var call = new ChatCall { Stream = Streams, RenderOnly = _renderOnly, Logprobs = _logprobs ?? false, TopLogprobs = _topLogprobs };
        call.Request.Model = _model;
        call.Messages.AddRange(ChatCompletionMessage.ToNative(_messages));
        call.Tools.AddRange(_tools);
        OpenAiStop.AddLenient(call.Options, _stop);
        call.Options["num_predict"] = _maxTokens is { } most ? (double)most : null;
        call.Options["seed"] = _seed is { } seed ? (double)seed : null;
        call.Options["frequency_penalty"] = _frequencyPenalty;
        call.Options["presence_penalty"] = _presencePenalty;
        // OpenAI's defaults, whatever is stored with the model.
        call.Options["temperature"] = _temperature ?? 1;
        call.Options["top_p"] = _topP ?? 1;
        call.Format = _format?.ToNative() ?? default;
        call.Think = OpenAiReasoning.ToThinking(_reasoning is { } reasoning ? reasoning.Effort : _reasoningEffort ?? "");
        return call;
    }

    private static double? Float(GoJsonReader reader, double? old) => reader.Pointer(old, static (r, x) => r.Float64(x));
}
