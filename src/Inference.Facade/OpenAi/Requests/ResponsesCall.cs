using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A body of POST /v1/responses, and what Ollama makes of it: a request of its own /api/chat (openai/responses.go, FromResponsesRequest).</summary>
internal sealed class ResponsesCall
{
    public static readonly GoStruct<ResponsesCall> Shape = new("ResponsesRequest", "openai.ResponsesRequest",
    [
        ("model", static (r, c) => c.Model = r.String(c.Model)),
        // Of no effect; some are repeated in the answer.
        ("background", static (r, c) => c._background = r.Bool(c._background)),
        ("conversation", static (r, _) => r.Raw()),
        ("include", static (r, _) => r.List(new List<string>(), "[]string", static () => "", static (r, s) => r.String(s))),
        ("truncation", static (r, c) => c._truncation = r.StringPointer(c._truncation)),
        ("input", static (r, c) => c._input.Read(r)),
        ("instructions", static (r, c) => c._instructions = r.String(c._instructions)),
        ("max_output_tokens", static (r, c) => c._mostTokens = r.Pointer(c._mostTokens, static (r, n) => r.Int(n))),
        ("reasoning", static (r, c) => r.Struct(OpenAiReasoning.ResponsesShape, c._reasoning)),
        ("temperature", static (r, c) => c._temperature = r.Pointer(c._temperature, static (r, x) => r.Float64(x))),
        ("text", static (r, c) => c._text = r.Pointer(ResponsesText.Shape, c._text)),
        ("top_p", static (r, c) => c._topP = r.Pointer(c._topP, static (r, x) => r.Float64(x))),
        ("tools", static (r, c) => r.List(c._tools, "[]openai.ResponsesTool", static () => new ResponsesTool(), ResponsesTool.Read)),
        ("stream", static (r, c) => c._stream = r.BoolPointer(c._stream)),
    ]);

    private readonly ResponsesInput _input = new();
    private readonly OpenAiReasoning _reasoning = new();
    private readonly List<ResponsesTool> _tools = [];
    private bool _background;
    private string? _truncation;
    private string _instructions = "";
    private long? _mostTokens;
    private double? _temperature;
    private double? _topP;
    private ResponsesText? _text;
    private bool? _stream;

    public string Model { get; private set; } = "";

    public bool Streams => _stream ?? false;

    /// <summary>Whether the server would have to search, and to answer again with what it found.</summary>
    public bool SearchesWeb => _tools.Exists(static t => t.IsWebSearch);

    /// <exception cref="Inference.Errors.InferenceException">It has no form in /api/chat.</exception>
    public ChatCall ToNative()
    {
        var call = new ChatCall { Stream = Streams };
        call.Request.Model = Model;
        if (_instructions.Length > 0)
        {
            call.Messages.Add(new OllamaMessage { Role = "system", Content = _instructions });
        }

        _input.AddTo(call.Messages);
        call.Options["temperature"] = _temperature ?? 1;
        call.Options["top_p"] = _topP;
        call.Options["num_predict"] = _mostTokens is { } most ? (double)most : null;
        call.Think = OpenAiReasoning.ToThinking(_reasoning.Effort);
        _tools.ForEach(t => t.AddTo(call.Tools));
        call.Format = _text?.ToNative() ?? default;
        return call;
    }

    /// <summary>What an answer repeats of the request, and what it says of all of them (openai/responses.go, buildResponseObject).</summary>
    public Dictionary<string, object?> Echo() => new()
    {
        ["background"] = _background,
        ["frequency_penalty"] = 0.0,
        ["incomplete_details"] = null,
        ["instructions"] = _instructions.Length > 0 ? _instructions : null,
        ["max_output_tokens"] = _mostTokens is { } most ? (double)most : null,
        ["max_tool_calls"] = null,
        ["metadata"] = new Dictionary<string, object?>(),
        ["model"] = Model,
        ["object"] = "response",
        ["parallel_tool_calls"] = true,
        ["presence_penalty"] = 0.0,
        ["previous_response_id"] = null,
        ["prompt_cache_key"] = null,
        ["reasoning"] = _reasoning.Echo(),
        ["safety_identifier"] = null,
        ["service_tier"] = "default",
        ["store"] = false,
        ["temperature"] = _temperature ?? 1,
        ["text"] = new Dictionary<string, object?> { ["format"] = _text?.Echo() ?? new() { ["type"] = "text" } },
        ["tool_choice"] = "auto",
        ["tools"] = _tools.Select(static t => (object?)t.Echo()).ToList(),
        ["top_logprobs"] = 0.0,
        ["top_p"] = _topP ?? 1,
        ["truncation"] = _truncation ?? "disabled",
    };
}
