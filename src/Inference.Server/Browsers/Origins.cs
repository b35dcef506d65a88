namespace Inference.Server.Browsers;

/// <summary>
/// The origins whose pages may call: Ollama's own list and OLLAMA_ORIGINS. Compared as Ollama compares them (gin-contrib/cors): letter for
/// letter, with one <c>*</c> for any run of characters.
/// </summary>
internal sealed class Origins
{
    private static readonly string[] Hosts = ["localhost", "127.0.0.1", "0.0.0.0"];
    private static readonly string[] Schemes = ["http://", "https://", "chrome-extension://", "safari-extension://", "moz-extension://", "ms-browser-extension://"];

    private readonly HashSet<string> _exact = new(StringComparer.Ordinal);
    private readonly List<(string Start, string End)> _wild = [];

    private Origins(IEnumerable<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            var star = pattern.IndexOf('*', StringComparison.Ordinal);
            if (star < 0)
            {
                _exact.Add(pattern);
            }
            else
            {
                _wild.Add((pattern[..star], pattern[(star + 1)..]));
            }
        }

        Any = _wild.Contains(("", ""));
    }

    /// <summary>Every page may call.</summary>
    public bool Any { get; }

    /// <param name="configured">OLLAMA_ORIGINS: a list with commas; null or empty for none.</param>
    /// <exception cref="FormatException">An entry that no origin can be like; Ollama does not start with one, either.</exception>
    public static Origins Parse(string? configured)
    {
        var own = (configured ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(own, static o => !IsUsable(o)) is { } bad)
        {
            throw new FormatException($"{bad} is no origin: it must start with http:// or https://, or hold one *");
        }

        return new Origins([.. own.Select(static o => o.ToLowerInvariant()), .. Defaults()]);
    }

    public bool Allow(string origin) =>
        Any || _exact.Contains(origin) || _wild.Exists(w => origin.StartsWith(w.Start, StringComparison.Ordinal) && origin.EndsWith(w.End, StringComparison.Ordinal));

    private static bool IsUsable(string origin) => origin.Count(static c => c == '*') switch
    {
        0 => Array.Exists(Schemes, s => origin.StartsWith(s, StringComparison.Ordinal)),
        1 => true,
        _ => false,
    };

    private static IEnumerable<string> Defaults()
    {
        foreach (var host in Hosts)
        {
            yield return $"http://{host}";
            yield return $"https://{host}";
            yield return $"http://{host}:*";
            yield return $"https://{host}:*";
        }

        foreach (var scheme in (string[])["app", "file", "tauri", "vscode-webview", "vscode-file"])
        {
            yield return $"{scheme}://*";
        }
    }
}
