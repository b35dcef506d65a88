using Inference.Errors;
using Inference.GoJson;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A request's body, as gin's ShouldBindJSON reads it.</summary>
internal static class OllamaBody
{
    // Go's for a value that is not whole.
    private const string CutOff = "unexpected EOF";

    /// <summary>Reads a body into <paramref name="target"/>, which holds the defaults. What follows the first value is not looked at.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="shape">What the target's fields are.</param>
    /// <param name="target">Holds the defaults.</param>
    /// <param name="nothing">What to say of a body with nothing in it.</param>
    /// <exception cref="InferenceException">REQUEST_MALFORMED, in Go's words.</exception>
    public static void Decode<T>(ReadOnlyMemory<byte> body, GoStruct<T> shape, T target, string nothing = "missing request body")
    {
        try
        {
            GoJsonReader.Decode(body, shape, target, nothing);
        }
        catch (GoJsonException problem)
        {
            throw Catalogue.RequestMalformed.Because(problem, problem.Message);
        }
    }

    /// <summary>Reads a body that broke off. Go reads no further than the value goes: what came before is enough if it is whole.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED: what is wrong with it, or how it broke where nothing is but its end.</exception>
    public static void DecodeBroken<T>(ReadOnlyMemory<byte> body, GoStruct<T> shape, T target, string broken)
    {
        try
        {
            GoJsonReader.Decode(body, shape, target, nothing: CutOff);
        }
        catch (GoJsonException problem)
        {
            throw Catalogue.RequestMalformed.Because(problem, problem.Message == CutOff ? broken : problem.Message);
        }
    }
}
