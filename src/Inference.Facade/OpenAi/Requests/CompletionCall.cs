using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A body of POST /v1/completions, and what Ollama makes of it: a request of its own /api/generate (openai/openai.go, FromCompleteRequest).</summary>
internal sealed class CompletionCall
{
    public static readonly GoStruct<CompletionCall> Shape = new("CompletionRequest", "openai.CompletionRequest",
    [
        ("model", static (r, c) => c._model = r.String(c._model)),
        ("prompt", static (r, c) => c._prompt = r.String(c._prompt)),
        ("frequency_penalty", static (r, c) => c._frequencyPenalty = r.Float32(c._frequencyPenalty)),
        ("max_tokens", static (r, c) => c._maxTokens = r.Pointer(c._maxTokens, static (r, n) => r.Int(n))),
        ("presence_penalty", static (r, c) => c._presencePenalty = r.Float32(c._presencePenalty)),
        ("seed", static (r, c) => c._seed = r.Pointer(c._seed, static (r, n) => r.Int(n))),
        ("stop", static (r, c) => c._stop = r.Any()),
        ("stream", static (r, c) => c.Streams = r.Bool(c.Streams)),
        ("stream_options", static (r, c) => c._streamOptions = r.Pointer(OpenAiStreamOptions.Shape, c._streamOptions)),
        ("temperature", static (r, c) => c._temperature = r.Pointer(c._temperature, static (r, x) => r.Float32(x))),
        ("top_p", static (r, c) => c._topP = r.Float32(c._topP)),
        ("suffix", static (r, c) => c._suffix = r.String(c._suffix)),
        ("logprobs", static (r, c) => c._logprobs = r.Pointer(c._logprobs, static (r, n) => r.Int(n))),
        ("_debug_render_only", static (r, c) => c._renderOnly = r.Bool(c._renderOnly)),
    ]);

    private string _model = "";
    private string _prompt = "";
    private string _suffix = "";
    private OpenAiStreamOptions? _streamOptions;
    private long? _maxTokens;
    private long? _seed;
    private long? _logprobs;
    private object? _stop;
    private float? _temperature;
    private float _topP;
    private float _frequencyPenalty;
    private float _presencePenalty;
    private bool _renderOnly;

    public bool Streams { get; private set; }

    /// <summary>Whether every chunk of a stream has the counts.</summary>
    public bool IncludesUsage => _streamOptions is { IncludeUsage: true };

    /// <exception cref="Inference.Errors.InferenceException">It has no form in /api/generate.</exception>
    public GenerateCall ToNative()
    {
        var call = new GenerateCall { Stream = Streams, RenderOnly = _renderOnly };
        call.Request.Model = _model;
        call.Request.Prompt = _prompt;
        call.Request.Suffix = _suffix;
        OpenAiStop.AddStrict(call.Options, _stop);
        call.Options["num_predict"] = _maxTokens is { } most ? (double)most : null;
        call.Options["seed"] = _seed is { } seed ? (double)seed : null;
        // OpenAI's defaults, whatever is stored with the model.
        call.Options["frequency_penalty"] = (double)_frequencyPenalty;
        call.Options["presence_penalty"] = (double)_presencePenalty;
        call.Options["temperature"] = (double)(_temperature ?? 1);
        call.Options["top_p"] = _topP == 0 ? 1.0 : _topP;
        if (_logprobs is { } top and > 0)
        {
            call.Logprobs = true;
            call.TopLogprobs = top;
        }

        return call;
    }
}
