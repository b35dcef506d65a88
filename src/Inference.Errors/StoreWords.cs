namespace Inference.Errors;

/// <summary>What the routes that change the store say: create, copy, delete, pull, push and blobs. Each has words of its own for the same conditions.</summary>
internal static class StoreWords
{
    private const string NoModelName = "invalid model name";

    // server/create.go: the errors of a file to create from that are the client's; all others are 500 there.
    private static readonly HashSet<string> ClientsFault = ["unknown type", "supplied file was not in GGUF format", "no files provided to convert"];

    public static OllamaForm? FieldRequired(ErrorFacts f, OllamaRoute route) => (route, f["field"]) switch
    {
        (OllamaRoute.Copy, var field) => new OllamaForm(400, $"{field} \"\" is invalid"),
        (OllamaRoute.Pull, _) or (OllamaRoute.Create, "model" or "from_model") => new OllamaForm(400, NoModelName),
        (OllamaRoute.Create, "source") => new OllamaForm(400, "neither 'from' or 'files' was specified"),
        (OllamaRoute.Create, "draft_files") => new OllamaForm(400, "--draft-quantize requires a DRAFT model"),
        _ => null,
    };

    public static OllamaForm? FieldInvalid(ErrorFacts f, OllamaRoute route) => route is not OllamaRoute.Create ? null : f["field"] switch
    {
        "remote_host" => new OllamaForm(400, "bad remote"),
        "files.digests" or "draft_files.digests" => new OllamaForm(400, "file path must be relative"),
        _ when InfoField(f["field"]) is { } info => new OllamaForm(400, $"info field {GoQuote.Quote(info)} {f["expectation"]}"),
        _ => null,
    };

    public static OllamaForm? FieldConflict(ErrorFacts f, OllamaRoute route) =>
        route is OllamaRoute.Create && f["field"] is "draft_files" ? new OllamaForm(400, "DRAFT cannot be used with remote models") : null;

    // A body that ends too soon is found by whoever writes it to the disk; a license of the wrong kind by whoever makes a layer of it.
    public static OllamaForm? RequestMalformed(ErrorFacts f, OllamaRoute route) =>
        route is OllamaRoute.Blobs || (route is OllamaRoute.Create && f["field"] is "licenses") ? new OllamaForm(500, f["detail"]) : null;

    public static OllamaForm? ModelNameInvalid(ErrorFacts f, OllamaRoute route) => route switch
    {
        OllamaRoute.Copy => new OllamaForm(400, $"{f["field"]} {GoQuote.Quote(f["model"])} is invalid"),
        OllamaRoute.Delete => new OllamaForm(400, $"name {GoQuote.Quote(f["model"])} is invalid"),
        OllamaRoute.Push => new OllamaForm(500, $"unqualified name: {f["full_name"]}"),
        _ => null,
    };

    public static OllamaForm? ModelSourceConflict(OllamaRoute route) => route is OllamaRoute.Create ? new OllamaForm(400, NoModelName) : null;

    public static OllamaForm? ModelNotFound(ErrorFacts f, OllamaRoute route) => route switch
    {
        OllamaRoute.Copy => new OllamaForm(404, $"model {GoQuote.Quote(f["model"])} not found"),
        OllamaRoute.Push => new OllamaForm(500, f["operation"]),
        _ => null,
    };

    public static OllamaForm? BlobDigestInvalid(ErrorFacts f, OllamaRoute route) =>
        route is OllamaRoute.Create && f["digest"].Length > 0 && f["field"] is "files" ? new OllamaForm(500, "invalid digest format") : null;

    public static OllamaForm? BlobNotFound(ErrorFacts f, OllamaRoute route) => route switch
    {
        OllamaRoute.Blobs => new OllamaForm(404, $"blob {GoQuote.Quote(f["digest"])} not found"),
        OllamaRoute.Create => new OllamaForm(f["field"] is "files" ? 500 : 400, f["operation"]),
        OllamaRoute.Push => new OllamaForm(500, f["operation"]),
        _ => null,
    };

    public static OllamaForm? ModelFileInvalid(ErrorFacts f, OllamaRoute route) =>
        route is OllamaRoute.Create && f["field"] is "files" && !ClientsFault.Contains(f["detail"]) ? new OllamaForm(500, f["detail"]) : null;

    public static OllamaForm? TemplateInvalid(ErrorFacts f, OllamaRoute route) =>
        route is OllamaRoute.Create ? new OllamaForm(400, $"template error: {f["detail"]}") : null;

    // api.CreateRequest calls info what the contract calls overrides, and its members by the names of the config.
    private static string? InfoField(string field) => field switch
    {
        "overrides.family" => "model_family",
        "overrides.base_name" => "base_name",
        "overrides.quantization_level" => "quantization_level",
        "overrides.parameter_size" => "parameter_size",
        "overrides.context_length" => "context_length",
        "overrides.embedding_length" => "embedding_length",
        _ => null,
    };
}
