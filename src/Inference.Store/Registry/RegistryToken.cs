using Inference.GoJson;

namespace Inference.Store.Registry;

/// <summary>What whoever hands out tokens answers (api.TokenResponse).</summary>
internal static class RegistryToken
{
    private static readonly GoStruct<GoTarget<string>> Shape = new("TokenResponse", "api.TokenResponse",
    [
        ("token", static (json, t) => t.Value = json.String(t.Value)),
    ]);

    /// <exception cref="GoJsonException">It is no such answer.</exception>
    public static string Parse(ReadOnlyMemory<byte> body)
    {
        var token = new GoTarget<string>("");
        GoJsonReader.Decode(body, Shape, token);
        return token.Value;
    }
}
