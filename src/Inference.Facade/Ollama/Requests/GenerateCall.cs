using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A body of POST /api/generate. What the contract has a field for is read right into it.</summary>
internal sealed class GenerateCall : OllamaCall
{
    public static readonly GoStruct<GenerateCall> Shape = new("GenerateRequest", "api.GenerateRequest",
    [
        ("model", static (r, c) => c.Request.Model = r.String(c.Request.Model)),
        ("prompt", static (r, c) => c.Request.Prompt = r.String(c.Request.Prompt)),
        ("suffix", static (r, c) => c.Request.Suffix = r.String(c.Request.Suffix)),
        ("system", static (r, c) => c.System = r.String(c.System)),
        ("template", static (r, c) => c.Request.Template = r.String(c.Request.Template)),
        ("context", static (r, c) => r.List(c.Context, "[]int", static () => 0, static (r, n) => r.Int(n))),
        ("raw", static (r, c) => c.Request.Raw = r.Bool(c.Request.Raw)),
        ("images", static (r, c) => OllamaImage.ReadList(r, c.Images)),
        .. SharedFields<GenerateCall>(),
    ]);

    public GenerateRequest Request { get; } = new();

    public string System { get; private set; } = "";

    public List<long> Context { get; } = [];

    public List<OllamaImage> Images { get; } = [];

    /// <summary>In the order in which Ollama misses them.</summary>
    public IEnumerable<Capability> Needs()
    {
        if (Think.IsOn())
        {
            yield return Capability.Thinking;
        }

        yield return Capability.Completion;
        if (Request.Suffix.Length > 0)
        {
            yield return Capability.Insert;
        }
    }

    /// <summary>The contract's request, complete.</summary>
    public GenerateRequest ToContract(OllamaOptions options)
    {
        // An empty system prompt is none to Ollama, and the model's stays.
        if (System.Length > 0)
        {
            Request.System = System;
        }

        // Ids that no vocabulary has are refused as such, not wrapped round into one that it has.
        Request.Context.AddRange(Context.Select(static t => (int)long.Clamp(t, int.MinValue, int.MaxValue)));
        Request.Media.AddRange(Images.Select(static i => i.ToContract()));
        Request.ReturnContext = !Request.Raw;
        Request.Options = options.Sampling;
        Request.LoadOptions = options.Load;
        Request.Format = OllamaFormat.ToContract(Format);
        Request.Thinking = Think;
        Request.KeepAlive = KeepAlive;
        Request.Shift = Shift ?? true;
        // Ollama cuts the text of a prompt only where it may shift as well (llm/llama_server.go).
        Request.Truncate = (Truncate ?? true) && Request.Shift;
        Request.Logprobs = LogprobOptions;
        Request.StreamOptions = StreamOptions;
        return Request;
    }
}
