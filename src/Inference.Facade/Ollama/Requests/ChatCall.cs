using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A body of POST /api/chat.</summary>
internal sealed class ChatCall : OllamaCall
{
    public static readonly GoStruct<ChatCall> Shape = new("ChatRequest", "api.ChatRequest",
    [
        ("model", static (r, c) => c.Request.Model = r.String(c.Request.Model)),
        ("messages", static (r, c) => r.List(c.Messages, "[]api.Message", static () => new OllamaMessage(), static (r, _) => OllamaMessage.Read(r))),
        ("tools", static (r, c) => r.List(c.Tools, "api.Tools", static () => new OllamaTool(), OllamaTool.Read)),
        .. SharedFields<ChatCall>(),
    ]);

    public ChatRequest Request { get; } = new();

    public List<OllamaMessage> Messages { get; } = [];

    public List<OllamaTool> Tools { get; } = [];

    /// <summary>In the order in which Ollama misses them.</summary>
    public IEnumerable<Capability> Needs()
    {
        if (Think.IsOn())
        {
            yield return Capability.Thinking;
        }

        yield return Capability.Completion;
        if (Tools.Count > 0)
        {
            yield return Capability.Tools;
        }
    }

    /// <summary>The contract's request, complete.</summary>
    public ChatRequest ToContract(OllamaOptions options)
    {
        Request.Messages.AddRange(Messages.Select(static m => m.ToContract()));
        Request.Tools.AddRange(Tools.Select(static t => t.ToContract()));
        Request.Options = options.Sampling;
        Request.LoadOptions = options.Load;
        Request.Format = OllamaFormat.ToContract(Format);
        Request.Thinking = Think;
        Request.KeepAlive = KeepAlive;
        Request.Truncate = Truncate ?? true;
        Request.Shift = Shift ?? true;
        Request.Logprobs = LogprobOptions;
        Request.StreamOptions = StreamOptions;
        return Request;
    }
}
