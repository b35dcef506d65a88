using Inference.Errors;
using Inference.GoJson;

namespace Inference.Facade.Ollama.Requests;

/// <summary>The <c>license</c> of a model to create: any value, of which a text and a list of texts are right.</summary>
internal static class OllamaLicense
{
    /// <returns>The licenses, or what Go says of a value that is none.</returns>
    public static (IReadOnlyList<string> Texts, InferenceException? Fault) Read(object? value) => value switch
    {
        null or "" => ([], null),
        string text => ([text], null),
        List<object?> list => List(list),
        _ => ([], Mismatch(value, "[]string")),
    };

    private static (IReadOnlyList<string> Texts, InferenceException? Fault) List(List<object?> list) =>
        list.Find(static item => item is not (null or string)) is { } wrong
            ? ([], Mismatch(wrong, "string"))
            : ([.. list.Select(static item => item as string ?? "")], null);

    private static InferenceException Mismatch(object value, string type)
    {
        var kind = value switch
        {
            bool => GoKind.Bool,
            double => GoKind.Number,
            string => GoKind.String,
            List<object?> => GoKind.Array,
            _ => GoKind.Object,
        };
        var error = Catalogue.RequestMalformed.For(new GoFault.Mismatch(kind.ToString().ToLowerInvariant(), type)).Error;
        return new InferenceException(error with { Facts = error.Facts.With("field", "licenses") });
    }
}
