using System.Text;
using Inference.Prompts.Parsing;
using Inference.Runtime;
using Inference.V1;

namespace Inference.Services.Output;

/// <summary>
/// The parts of an answer on their way to the door: neighbouring ones of a kind leave as one message, with the log-probabilities of
/// their tokens; or all of them are kept for the whole answer.
/// </summary>
/// <param name="writer">The door.</param>
/// <param name="aggregates">Nothing is sent; <see cref="Answer"/> holds all.</param>
/// <param name="hasLogprobs">They were asked for.</param>
internal sealed class AnswerWriter(IGenerationWriter writer, bool aggregates, bool hasLogprobs)
{
    private readonly StringBuilder _ready = new();
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<ToolCall> _calls = [];
    private bool _readyIsThinking;
    private Logprobs? _logprobs = hasLogprobs ? new Logprobs() : null;
    private int _settled; // log-probabilities of tokens whose text has come

    public int Calls => _calls.Count;

    /// <summary>The whole answer; null unless it is kept.</summary>
    public ChatMessage? Answer()
    {
        if (!aggregates)
        {
            return null;
        }

        var answer = new ChatMessage { Role = Role.Assistant, Thinking = _thinking.ToString(), ToolCalls = { _calls } };
        if (_text.Length > 0)
        {
            answer.Content.Add(new ContentPart { Text = _text.ToString() });
        }

        return answer;
    }

    /// <summary>The log-probabilities of the whole answer; null unless they are kept and were asked for.</summary>
    public Logprobs? AllLogprobs() => aggregates ? _logprobs : null;

    /// <summary>The log-probabilities of a piece; they leave with the next text.</summary>
    public void Add(IReadOnlyList<TokenLogprobs>? logprobs)
    {
        if (logprobs is not null && _logprobs is not null)
        {
            _logprobs.Tokens.AddRange(logprobs.Select(static t => t.ToContract()));
        }
    }

    /// <summary>The same, from an engine elsewhere.</summary>
    public void Add(IEnumerable<TokenLogprob> logprobs) => _logprobs?.Tokens.AddRange(logprobs);

    /// <summary>The tokens since the last part are in no part: they made a tag, or an output that is thrown away.</summary>
    public void Forget()
    {
        while (_logprobs is { Tokens: { } tokens } && tokens.Count > _settled)
        {
            tokens.RemoveAt(tokens.Count - 1);
        }
    }

    public async ValueTask AddAsync(OutputPart part, CancellationToken ct)
    {
        _settled = _logprobs?.Tokens.Count ?? 0;
        if (part.ToolCall is { } call)
        {
            await AddCallAsync(call, ct);
            return;
        }

        var (text, isThinking) = part.Thinking is { } thinking ? (thinking, true) : (part.Text ?? "", false);
        if (isThinking != _readyIsThinking)
        {
            await FlushAsync(ct);
            _readyIsThinking = isThinking;
        }

        _ready.Append(text);
    }

    /// <summary>Sends what is ready.</summary>
    public ValueTask FlushAsync(CancellationToken ct)
    {
        if (_ready.Length == 0)
        {
            return ValueTask.CompletedTask;
        }

        var text = _ready.ToString();
        _ready.Clear();
        if (aggregates)
        {
            (_readyIsThinking ? _thinking : _text).Append(text);
            return ValueTask.CompletedTask;
        }

        return _readyIsThinking ? writer.ThinkingAsync(text, TakeLogprobs(), ct) : writer.TextAsync(text, TakeLogprobs(), ct);
    }

    /// <summary>Sends what is ready, and log-probabilities of tokens that made no text.</summary>
    public async ValueTask EndAsync(CancellationToken ct)
    {
        await FlushAsync(ct);
        if (!aggregates && _logprobs is { Tokens.Count: > 0 })
        {
            await writer.TextAsync("", TakeLogprobs(), ct);
        }
    }

    private async ValueTask AddCallAsync(ToolCall call, CancellationToken ct)
    {
        await FlushAsync(ct);
        call.Index = _calls.Count;
        _calls.Add(call);
        if (!aggregates)
        {
            await writer.ToolCallAsync(call, TakeLogprobs(), ct);
        }
    }

    private Logprobs? TakeLogprobs()
    {
        if (_logprobs is not { Tokens.Count: > 0 } taken)
        {
            return null;
        }

        _logprobs = new Logprobs();
        _settled = 0;
        return taken;
    }
}
