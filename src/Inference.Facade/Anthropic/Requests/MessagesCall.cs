using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Anthropic.Requests;

/// <summary>A body of POST /v1/messages, and what Ollama makes of it: a request of its own /api/chat (anthropic/anthropic.go, FromMessagesRequest).</summary>
internal sealed class MessagesCall
{
    public static readonly GoStruct<MessagesCall> Shape = new("MessagesRequest", "anthropic.MessagesRequest",
    [
        ("model", static (r, c) => c.Model = r.String(c.Model)),
        ("max_tokens", static (r, c) => c._maxTokens = r.Int(c._maxTokens)),
        ("messages", static (r, c) => r.List(c._turns, "[]anthropic.MessageParam", static () => new MessagesTurn(), MessagesTurn.Read)),
        ("system", static (r, c) => c._system = r.Any()),
        ("stream", static (r, c) => c.Streams = r.Bool(c.Streams)),
        ("temperature", static (r, c) => c._temperature = r.Pointer(c._temperature, static (r, x) => r.Float64(x))),
        ("top_p", static (r, c) => c._topP = r.Pointer(c._topP, static (r, x) => r.Float64(x))),
        ("top_k", static (r, c) => c._topK = r.Pointer(c._topK, static (r, n) => r.Int(n))),
        ("stop_sequences", static (r, c) => r.List(c._stop, "[]string", static () => "", static (r, s) => r.String(s))),
        ("tools", static (r, c) => r.List(c._tools, "[]anthropic.Tool", static () => new MessagesTool(), MessagesTool.Read)),
        // Decoded for their types, and then of no effect.
        ("tool_choice", static (r, _) => r.Pointer(MessagesExtras.ToolChoiceShape, null)),
        ("metadata", static (r, _) => r.Pointer(MessagesExtras.MetadataShape, null)),
        ("thinking", static (r, c) => c._thinking = r.Pointer(MessagesExtras.ThinkingShape, c._thinking)),
        ("output_config", static (r, c) => c._output = r.Pointer(MessagesExtras.OutputShape, c._output)),
    ]);

    private readonly List<MessagesTurn> _turns = [];
    private readonly List<string> _stop = [];
    private readonly List<MessagesTool> _tools = [];
    private long _maxTokens;
    private object? _system;
    private double? _temperature;
    private double? _topP;
    private long? _topK;
    private MessagesExtras? _thinking;
    private MessagesExtras? _output;

    public string Model { get; private set; } = "";

    public bool Streams { get; private set; }

    /// <summary>Whether the server would have to search, and to answer again with what it found.</summary>
    public bool SearchesWeb => _tools.Exists(static t => t.IsWebSearch);

    /// <exception cref="InferenceException">It has no form in /api/chat.</exception>
    public ChatCall ToNative()
    {
        Check();
        var call = new ChatCall { Stream = Streams };
        call.Request.Model = Model;
        if (System() is { Length: > 0 } system)
        {
            call.Messages.Add(new OllamaMessage { Role = "system", Content = system });
        }

        for (var i = 0; i < _turns.Count; i++)
        {
            _turns[i].AddTo(call.Messages, $"messages[{i}]");
        }

        call.Options["num_predict"] = (double)_maxTokens;
        call.Options["temperature"] = _temperature;
        call.Options["top_p"] = _topP;
        call.Options["top_k"] = _topK is { } most ? (double)most : null;
        call.Options["stop"] = _stop.Count > 0 ? _stop.Cast<object?>().ToList() : null;
        call.Tools.AddRange(Tools().Select(static t => t.ToNative()));
        call.Think = Thinking();
        return call;
    }

    private void Check()
    {
        if (Model.Length == 0)
        {
            throw Catalogue.FieldRequired.For("model");
        }

        if (_maxTokens <= 0)
        {
            var errors = new FieldErrors();
            errors.Invalid("max_tokens", _maxTokens, "is required and must be positive");
            errors.Check();
        }

        if (_turns.Count == 0)
        {
            throw Catalogue.FieldRequired.For("messages");
        }
    }

    // One text, or the texts of blocks put together.
    private string System() => _system switch
    {
        string text => text,
        List<object?> blocks => string.Concat(blocks.OfType<Dictionary<string, object?>>()
            .Where(static b => b.GetValueOrDefault("type") is "text")
            .Select(static b => b.GetValueOrDefault("text") as string)),
        _ => "",
    };

    // The server's own search and a function of that name exclude each other; the first goes before.
    private IEnumerable<MessagesTool> Tools() => SearchesWeb ? _tools.Where(static t => t.IsWebSearch || t.Name is not "web_search") : _tools;

    private Thinking? Thinking() => (_thinking?.Type, _output?.Effort.Trim().ToLowerInvariant()) switch
    {
        ("enabled", _) => new Thinking { Enabled = true },
        ("disabled", _) => new Thinking { Enabled = false },
        (_, "low") => new Thinking { Level = ThinkingLevel.Low },
        (_, "medium") => new Thinking { Level = ThinkingLevel.Medium },
        (_, "high" or "xhigh") => new Thinking { Level = ThinkingLevel.High },
        (_, "max") => new Thinking { Level = ThinkingLevel.Max },
        _ => null,
    };
}
