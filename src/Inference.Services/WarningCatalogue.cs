using System.Globalization;
using Google.Protobuf.Reflection;
using Inference.V1;

namespace Inference.Services;

/// <summary>Every warning this server can give, and nowhere else. Keys are those of <c>WarningReason</c>, held together by a test.</summary>
public static class WarningCatalogue
{
    /// <param name="messages">Messages left out; 0 if a text was cut.</param>
    /// <param name="tokens">Tokens left out.</param>
    /// <param name="contextLength">What the prompt had to fit.</param>
    public static Warning PromptTruncated(int messages, int tokens, int contextLength) => New(
        WarningReason.PromptTruncated,
        messages > 0 ? $"the {messages} oldest messages were left out to fit the context of {contextLength} tokens" : $"{tokens} tokens were left out of the middle of the prompt to fit the context of {contextLength}",
        ("messages_dropped", messages), ("tokens_dropped", tokens), ("context_length", contextLength));

    public static Warning InputTruncated(int index, int tokens) => New(
        WarningReason.InputTruncated, $"input {index} was cut by {tokens} tokens", ("input_index", index), ("tokens_dropped", tokens));

    public static Warning ContextShifted(int shifts, int tokens) => New(
        WarningReason.ContextShifted, $"the context filled up {shifts} times; {tokens} old tokens were dropped to go on", ("shifts", shifts), ("tokens_dropped", tokens));

    public static Warning ContextReduced(int requested, int effective) => New(
        WarningReason.ContextReduced, $"the context has {effective} tokens instead of {requested}", ("requested", requested), ("effective", effective));

    public static Warning OptionUnknown(string option) => New(
        WarningReason.OptionUnknown, $"option {option} is not known and had no effect", ("option", option));

    public static Warning OptionIgnored(string option, string detail) => New(
        WarningReason.OptionIgnored, $"{option} had no effect: {detail}", ("option", option), ("detail", detail));

    public static Warning OptionClamped(string option, object requested, object effective) => New(
        WarningReason.OptionClamped, string.Create(CultureInfo.InvariantCulture, $"{option} was moved from {requested} to {effective}"),
        ("option", option), ("requested", requested), ("effective", effective));

    public static Warning FieldIgnored(string field) => New(
        WarningReason.FieldIgnored, $"{field} is not acted on", ("field", field));

    public static Warning ThinkingIgnored(string model) => New(
        WarningReason.ThinkingIgnored, $"{model} cannot think and answered without", ("model", model));

    public static Warning FormatRelaxed(string pointer, string detail) => New(
        WarningReason.FormatRelaxed, $"the schema is not enforced at '{pointer}': {detail}", ("pointer", pointer), ("detail", detail));

    public static Warning ToolCallUnparsed(string detail) => New(
        WarningReason.ToolCallUnparsed, "the text ends in what looks like a tool call but is not one; it is left out", ("detail", detail));

    public static Warning OffloadReduced(int requested, int offloaded) => New(
        WarningReason.OffloadReduced, $"{offloaded} layers run on an accelerator instead of {requested}", ("layers_requested", requested), ("layers_offloaded", offloaded));

    public static Warning DraftDisabled(string detail) => New(
        WarningReason.DraftDisabled, $"speculative decoding is off: {detail}", ("detail", detail));

    public static Warning ParameterInvalid(string option, string expectedType) => New(
        WarningReason.ParameterInvalid, $"parameter {option} is not of type {expectedType}; no request will be able to use it", ("option", option), ("expected_type", expectedType));

    public static Warning PruneFailed(string detail) => New(
        WarningReason.PruneFailed, $"blobs that are no longer needed could not be removed: {detail}", ("detail", detail));

    /// <summary>Name of the value without its prefix, as STRICT_VIOLATION gives it.</summary>
    public static string NameOf(WarningReason reason) =>
        WarningReasonDescriptor.FindValueByNumber((int)reason) is { } value ? value.Name["WARNING_REASON_".Length..] : reason.ToString();

    private static EnumDescriptor WarningReasonDescriptor => field ??= ErrorsReflection.Descriptor.EnumTypes.Single(static e => e.Name == nameof(WarningReason));

    private static Warning New(WarningReason reason, string message, params ReadOnlySpan<(string Key, object Value)> metadata)
    {
        var warning = new Warning { Reason = reason, Message = message };
        foreach (var (key, value) in metadata)
        {
            warning.Metadata[key] = string.Create(CultureInfo.InvariantCulture, $"{value}");
        }

        return warning;
    }
}
