namespace Inference.ContractTests.Law;

/// <summary>The doors of the server.</summary>
[Flags]
internal enum Doors
{
    Grpc = 1,
    Rest = 2,
    Ollama = 4,
    All = Grpc | Rest | Ollama,
}

/// <summary>The entries of the catalogue that cannot be provoked, at which doors, and why: the one list of them. What comes to be provoked leaves it.</summary>
internal static class Unprovoked
{
    public static IReadOnlyList<(string Reason, Doors Doors, string Why)> All { get; } =
    [
        // Nothing throws these yet.
        ("ADAPTER_NOT_FOUND", Doors.All, "LoRA adapters are not applied yet: a request that names one gets FEATURE_UNSUPPORTED."),
        ("ADAPTER_INCOMPATIBLE", Doors.All, "LoRA adapters are not applied yet: a request that names one gets FEATURE_UNSUPPORTED."),
        ("MODEL_LOADING", Doors.All, "A call waits for its model, and its wait has a bound: LOAD_STALLED and its own deadline."),
        ("OUTPUT_UNPARSABLE", Doors.All, "The formats whose parsers refuse a whole answer, gpt-oss's and those of the built-in renderers, are not read yet."),
        ("REGEX_INVALID", Doors.All, "Regular expressions are not compiled to grammars yet: a request with one gets FEATURE_UNSUPPORTED."),

        // The contract has no form for what is wrong.
        ("OPTION_TYPE_INVALID", Doors.Grpc | Doors.Rest, "Options have types in the contract; only Ollama's are a map of anything."),
        ("MEDIA_INVALID", Doors.Grpc | Doors.Rest, "Images are bytes in the contract, which nobody looks into as long as no model takes any; under /v1 they are texts that must be decoded first."),
        ("BLOB_DIGEST_MISMATCH", Doors.Rest, "Only UploadBlob compares a digest, and a stream of requests has no transcoded form."),

        // Ollama's API has no form for what is wrong.
        ("GRAMMAR_INVALID", Doors.Ollama, "No route takes a grammar."),
        ("JSON_SCHEMA_INVALID", Doors.Ollama, "There a schema is a part of the body: one that is not JSON makes the body REQUEST_MALFORMED."),
        ("STRICT_VIOLATION", Doors.Ollama, "No route has a field to be strict with."),
        ("DEADLINE_EXCEEDED", Doors.Ollama, "No route has a deadline."),
        ("DEADLINE_TOO_SHORT", Doors.Ollama, "No route has a deadline."),
        ("SERVICE_UNKNOWN", Doors.Ollama, "A path that is no route gets the router's own page, as in Ollama: text, and no error of a call."),
    ];

    public static IEnumerable<string> At(Doors door) => All.Where(u => u.Doors.HasFlag(door)).Select(static u => u.Reason);
}
