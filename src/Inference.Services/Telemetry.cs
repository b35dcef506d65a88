using System.Diagnostics.Metrics;
using Inference.Errors;
using Inference.V1;

namespace Inference.Services;

/// <summary>The instruments of the services, under the meter <see cref="MeterName"/>. Recorded once a call, never once a token.</summary>
public sealed class Telemetry
{
    public const string MeterName = "Inference";

    private readonly Counter<long> _failures;
    private readonly Counter<long> _warnings;
    private readonly Counter<long> _tokens;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _duration;

    public Telemetry(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _failures = meter.CreateCounter<long>("inference.failures", "{call}", "Calls that failed, by reason and phase.");
        _warnings = meter.CreateCounter<long>("inference.warnings", "{warning}", "Warnings of successful calls, by reason.");
        _tokens = meter.CreateCounter<long>("inference.tokens", "{token}", "Tokens, by kind: prompt, cached (of the prompt), completion.");
        _firstToken = meter.CreateHistogram<double>("inference.first_token.duration", "s", "From arrival to the first token.");
        _duration = meter.CreateHistogram<double>("inference.call.duration", "s", "From arrival to the last token.");
    }

    public void Failed(Error error) =>
        _failures.Add(1, new("reason", error.Kind.Reason), new("code", error.Kind.Code.ToString()), new("phase", error.Facts["phase"]));

    internal void Finished(Usage usage, Timings timings, IEnumerable<Warning> warnings)
    {
        _tokens.Add(usage.PromptTokens, new KeyValuePair<string, object?>("kind", "prompt"));
        _tokens.Add(usage.CachedPromptTokens, new KeyValuePair<string, object?>("kind", "cached"));
        _tokens.Add(usage.CompletionTokens, new KeyValuePair<string, object?>("kind", "completion"));
        if (timings.FirstTokenDuration is { } first)
        {
            _firstToken.Record(first.ToTimeSpan().TotalSeconds);
        }

        _duration.Record(timings.TotalDuration.ToTimeSpan().TotalSeconds);
        Warned(warnings);
    }

    /// <summary>Counts the warnings of a call that is not counted otherwise.</summary>
    public void Warned(IEnumerable<Warning> warnings)
    {
        foreach (var warning in warnings)
        {
            _warnings.Add(1, new KeyValuePair<string, object?>("reason", warning.Reason.ToString()));
        }
    }
}
