using Inference.Errors;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>What an EmbedRequest must satisfy before its model is looked for; all violations at once.</summary>
internal static class EmbedRules
{
    public static void Check(this EmbedRequest request)
    {
        var errors = new FieldErrors();
        if (request.Model.Length == 0)
        {
            errors.Required("model");
        }

        if (request.Inputs.Count == 0)
        {
            errors.Required("inputs");
        }

        if (request is { HasDimensions: true, Dimensions: < 1 })
        {
            errors.Invalid("dimensions", request.Dimensions, "must be 1 or more");
        }

        request.LoadOptions?.Check(errors);
        request.KeepAlive.ToKeepAlive(errors);
        CommonFields.CheckPriority(request.Priority, errors);
        errors.Check();
    }
}
