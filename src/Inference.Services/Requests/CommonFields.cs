using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>The fields that Generate and Chat share (numbers 20 to 31), so that there is one piece of code for both.</summary>
internal sealed record CommonFields(
    SamplingOptions? Options, LoadOptions? LoadOptions, OutputFormat? Format, Thinking? Thinking, Duration? KeepAlive,
    bool Truncate, bool Shift, LogprobOptions? Logprobs, RepeatedField<LoraAdapter> LoraAdapters, Priority Priority, bool Strict, StreamOptions Stream)
{
    private const int MostLogprobs = 20;
    private static readonly StreamOptions Plain = new();

    public static CommonFields Of(GenerateRequest r) => new(
        r.Options, r.LoadOptions, r.Format, r.Thinking, r.KeepAlive, r.Truncate, r.Shift, r.Logprobs, r.LoraAdapters, r.Priority, r.Strict, r.StreamOptions ?? Plain);

    public static CommonFields Of(ChatRequest r) => new(
        r.Options, r.LoadOptions, r.Format, r.Thinking, r.KeepAlive, r.Truncate, r.Shift, r.Logprobs, r.LoraAdapters, r.Priority, r.Strict, r.StreamOptions ?? Plain);

    public void Check(FieldErrors errors, bool lenient)
    {
        Options?.Check(errors, lenient);
        LoadOptions?.Check(errors);
        Format?.Check(errors);
        KeepAlive.ToKeepAlive(errors);
        if (Logprobs is { Top: < 0 or > MostLogprobs } logprobs)
        {
            errors.Invalid("logprobs.top", logprobs.Top, $"must be between 0 and {MostLogprobs}");
        }

        if (Thinking is { HasBudgetTokens: true, BudgetTokens: < 1 } thinking)
        {
            errors.Invalid("thinking.budget_tokens", thinking.BudgetTokens, "must be 1 or more");
        }

        if (Thinking is { SettingCase: Thinking.SettingOneofCase.Level } leveled && !System.Enum.IsDefined(leveled.Level))
        {
            errors.Invalid("thinking.level", (int)leveled.Level, "must be a ThinkingLevel");
        }

        CheckPriority(Priority, errors);
        for (var i = 0; i < LoraAdapters.Count; i++)
        {
            if (LoraAdapters[i].Adapter.Length == 0)
            {
                errors.Required($"lora_adapters[{i}].adapter");
            }
        }
    }

    public static void CheckPriority(Priority priority, FieldErrors errors)
    {
        if (!System.Enum.IsDefined(priority))
        {
            errors.Invalid("priority", (int)priority, "must be a Priority");
        }
    }
}
