using Inference.Services.Knowledge;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>Warnings of what a request or its model asks for and this server does not act on.</summary>
internal static class PlanWarnings
{
    /// <summary>Adds the unknown names among the stored parameters.</summary>
    public static void AddUnknown(this Warnings warnings, StoredParameters stored)
    {
        foreach (var name in stored.Unknown)
        {
            warnings.Add(WarningCatalogue.OptionUnknown(name));
        }
    }

    /// <summary>A gap is filled between prompt and suffix alone, as in Ollama.</summary>
    public static void AddLeftOut(this Warnings warnings, GenerateRequest request)
    {
        if (request.Suffix.Length == 0 || request.Raw)
        {
            return;
        }

        if (request.System.Length > 0)
        {
            warnings.Add(WarningCatalogue.OptionIgnored("system", "with a suffix there is no place for it"));
        }

        if (request.Context.Count > 0)
        {
            warnings.Add(WarningCatalogue.OptionIgnored("context", "with a suffix there is no place for it"));
        }
    }

    /// <summary>Loads and embeddings are served first come, first served.</summary>
    public static void AddPriority(this Warnings warnings, Priority priority)
    {
        if (priority is Priority.Low or Priority.High)
        {
            warnings.Add(WarningCatalogue.OptionIgnored("priority", "these calls are served in the order of their arrival"));
        }
    }
}
