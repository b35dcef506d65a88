using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Inference.Store.Registry;

/// <summary>What a registry says with a 401: who hands out tokens, and for what one is needed. Read as Ollama's server/auth.go does.</summary>
internal sealed record RegistryChallenge(string Realm, string Service, string Scope)
{
    private const int NonceBytes = 16;

    public static RegistryChallenge Parse(string header) => new(ValueOf(header, "realm"), ValueOf(header, "service"), ValueOf(header, "scope"));

    /// <summary>Host and port of the realm, as they stand there; empty for a realm without.</summary>
    public string Host
    {
        get
        {
            var start = Realm.IndexOf("://", StringComparison.Ordinal);
            if (start < 0)
            {
                return "";
            }

            var rest = Realm[(start + 3)..];
            var end = rest.AsSpan().IndexOfAny("/?#");
            rest = end < 0 ? rest : rest[..end];
            return rest[(rest.LastIndexOf('@') + 1)..];
        }
    }

    /// <summary>Where a token is: the parameters in the order of their names, as url.Values encodes them.</summary>
    public string TokenUrl(DateTimeOffset now)
    {
        var (address, query) = Realm.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? (Realm[..mark], Realm[(mark + 1)..]) : (Realm, "");
        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(static p => p.Split('=', 2)).Select(static p => (Name: Uri.UnescapeDataString(p[0]), Value: p.Length > 1 ? Uri.UnescapeDataString(p[1]) : "")).ToList();
        parameters.Add(("nonce", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes))));
        parameters.AddRange(Scope.Split(' ').Select(static s => ("scope", s)));
        parameters.Add(("service", Service));
        parameters.Add(("ts", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        return $"{address}?{string.Join('&', parameters.OrderBy(static p => p.Name, StringComparer.Ordinal).Select(static p => $"{Escape(p.Name)}={Escape(p.Value)}"))}";
    }

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    // Up to a quote that a comma or the end follows.
    private static string ValueOf(string header, string key)
    {
        var at = header.IndexOf($"{key}=", StringComparison.Ordinal);
        var start = at + key.Length + 2;
        if (at < 0 || start > header.Length)
        {
            return "";
        }

        for (var end = start; end < header.Length; end++)
        {
            if (header[end] == '"' && (end + 1 == header.Length || header[end + 1] == ','))
            {
                return header[start..end];
            }
        }

        return header[start..];
    }
}
