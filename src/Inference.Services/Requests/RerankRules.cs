using Inference.Errors;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>What a RerankRequest must satisfy, all violations at once: a request that is wrong stays wrong where this is supported.</summary>
internal static class RerankRules
{
    public static void Check(this RerankRequest request)
    {
        var errors = new FieldErrors();
        if (request.Model.Length == 0)
        {
            errors.Required("model");
        }

        if (request.Query.Length == 0)
        {
            errors.Required("query");
        }

        if (request.Documents.Count == 0)
        {
            errors.Required("documents");
        }

        if (request is { HasTopN: true, TopN: < 1 })
        {
            errors.Invalid("top_n", request.TopN, "must be 1 or more");
        }

        request.LoadOptions?.Check(errors);
        request.KeepAlive.ToKeepAlive(errors);
        CommonFields.CheckPriority(request.Priority, errors);
        errors.Check();
    }
}
