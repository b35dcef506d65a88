using Inference.Errors;
using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>Arguments of an earlier call that are not the text of an object. The contract has the same rule for them.</summary>
internal static class ArgumentsFault
{
    /// <param name="call">Where the call stands, in the contract's words.</param>
    /// <param name="arguments">What was sent.</param>
    /// <param name="fault">What is wrong with it, where that is told.</param>
    public static InferenceException In(string call, string arguments, GoFault? fault = null)
    {
        var error = Catalogue.FieldInvalid.For($"{call}.arguments_json", arguments).Error;
        var facts = error.Facts.With("expectation", "must be the JSON text of an object");
        return new InferenceException(error with { Facts = fault is null ? facts : facts.With("detail", fault.ToString()) });
    }
}
