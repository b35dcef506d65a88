using Inference.Errors;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>stop: one text or a list of texts; what is neither is passed over.</summary>
internal static class OpenAiStop
{
    /// <summary>As /v1/chat/completions has it: of a list, what is no text is passed over too.</summary>
    public static void AddLenient(Dictionary<string, object?> options, object? stop)
    {
        if (stop is string text)
        {
            Set(options, [text]);
        }
        else if (stop is List<object?> list)
        {
            Set(options, list.FindAll(static s => s is string));
        }
    }

    /// <summary>As /v1/completions has it.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED for a list with something else than texts in it.</exception>
    public static void AddStrict(Dictionary<string, object?> options, object? stop)
    {
        if (stop is List<object?> list && list.FindIndex(static s => s is not string) is var wrong and >= 0)
        {
            throw Catalogue.RequestMalformed.For($"invalid type for 'stop' field: {GoAny.TypeOf(list[wrong])}");
        }

        AddLenient(options, stop);
    }

    // Nothing to stop at is nil in Go, and leaves what is stored with the model.
    private static void Set(Dictionary<string, object?> options, List<object?> texts)
    {
        if (texts.Count > 0)
        {
            options["stop"] = texts;
        }
    }
}
