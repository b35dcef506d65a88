using Inference.Errors;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>What a GenerateRequest must satisfy before its model is looked for; all violations at once.</summary>
internal static class GenerateRules
{
    public static void Check(this GenerateRequest request, bool lenient)
    {
        var errors = new FieldErrors();
        if (request.Model.Length == 0)
        {
            errors.Required("model");
        }

        if (request.Prompt.Length == 0 && request.Media.Count == 0 && request.Suffix.Length == 0)
        {
            errors.Required("prompt");
        }

        if (request.Raw && request.ReturnContext)
        {
            errors.Conflict("raw", "return_context");
        }

        if (request.Raw && request.Suffix.Length > 0 && !lenient)
        {
            errors.Conflict("raw", "suffix");
        }

        request.Media.Check(errors);
        CommonFields.Of(request).Check(errors, lenient);
        errors.Check();
    }

    /// <exception cref="InferenceException">RAW_MODE_CONFLICT.</exception>
    public static void CheckRaw(this GenerateRequest request)
    {
        if (request.Raw && (request.Template.Length > 0 || request.System.Length > 0 || request.Context.Count > 0))
        {
            throw Catalogue.RawModeConflict.For(request.Model);
        }
    }
}
