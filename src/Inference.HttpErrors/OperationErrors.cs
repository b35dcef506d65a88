using Inference.Errors;

namespace Inference.HttpErrors;

/// <summary>
/// Which failures of create, pull and push come from the work itself. It writes its own lines, and its failures differ from those of the
/// checks before it: in their content type, and for a stream in their framing.
/// </summary>
internal static class OperationErrors
{
    public static bool IsFromWork(Error error, OllamaRoute route) =>
        route is OllamaRoute.Create or OllamaRoute.Pull or OllamaRoute.Push && !IsFromCheck(error, route);

    private static bool IsFromCheck(Error error, OllamaRoute route)
    {
        var (kind, field) = (error.Kind, error.Facts["field"]);
        if (kind == Catalogue.RequestMalformed)
        {
            return field.Length == 0;
        }

        if (kind == Catalogue.StoreFailed)
        {
            // The name could not be looked up. Push finds that out only while it works.
            return route is not OllamaRoute.Push && error.Facts["model"].Length > 0;
        }

        return route switch
        {
            OllamaRoute.Push => kind == Catalogue.FieldRequired,
            OllamaRoute.Pull => kind == Catalogue.FieldRequired || kind == Catalogue.ModelNameInvalid || kind == Catalogue.ModelSourceConflict,
            _ => ((kind == Catalogue.FieldRequired || kind == Catalogue.ModelNameInvalid) && field is "model" or "draft_files")
                || (kind == Catalogue.FieldInvalid && field is "files.digests" or "draft_files.digests")
                || (kind == Catalogue.BlobDigestInvalid && error.Facts["digest"].Length == 0),
        };
    }
}
