using Inference.Runtime;
using Inference.V1;

namespace Inference.Services.Output;

/// <summary>What the runs of one call took together. A call has a second run where its thinking ends before its format begins.</summary>
internal sealed class RunTotals
{
    private readonly List<int> _ids = [];
    private int _runs;
    private int _prompt;
    private int _cached;

    public int Completion { get; private set; }

    public int Thinking { get; set; }

    public int Shifts { get; private set; }

    public int TokensDropped { get; private set; }

    public TimeSpan Queue { get; private set; }

    public TimeSpan PromptTime { get; private set; }

    public TimeSpan Output { get; private set; }

    /// <summary>Tokens of the answer so far.</summary>
    public IReadOnlyList<int> Ids => _ids;

    /// <summary>Adds a run.</summary>
    /// <param name="result">How it ended; null if it never began.</param>
    /// <param name="kept">Tokens of it that belong to the answer; null for all.</param>
    public void Add(GenerationResult? result, IReadOnlyList<int>? kept = null)
    {
        if (result is null)
        {
            return;
        }

        if (_runs++ == 0)
        {
            (_prompt, _cached, PromptTime) = (result.PromptTokens, result.CachedTokens, result.PromptTime);
        }
        else
        {
            Output += result.PromptTime; // what a later run reads is output of an earlier one
        }

        Queue += result.QueueTime;
        Output += result.OutputTime;
        Shifts += result.Shifts;
        TokensDropped += result.TokensDropped;
        Completion += kept?.Count ?? result.GeneratedTokens;
        _ids.AddRange(kept ?? result.Generated);
    }

    public Usage ToUsage() => new()
    {
        PromptTokens = _prompt,
        CachedPromptTokens = _cached,
        CompletionTokens = Completion,
        ThinkingTokens = Math.Min(Thinking, Completion),
    };
}
