using System.Buffers;
using System.Globalization;

namespace Inference.Server.Ports.Requests;

/// <summary>The headers of a head, as net/textproto reads them.</summary>
internal sealed class HeadLines
{
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    // What a head says by these is passed on in other words.
    private static readonly string[] Own = ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "Upgrade", "Keep-Alive"];

    private static readonly SearchValues<char> Token = SearchValues.Create(Alphanumeric + "!#$%&'*+-.^_`|~");
    private static readonly SearchValues<char> OfHosts = SearchValues.Create(Alphanumeric + "!$%&'()*+,-.:;=[]_~");

    private readonly List<KeyValuePair<string, string>> _headers = [];
    private string? _open;

    /// <summary>A name has a blank in it, which textproto takes and net/http does not.</summary>
    public bool HasBadName { get; private set; }

    public IReadOnlyList<KeyValuePair<string, string>> Others =>
        [.. _headers.Where(static h => !Own.Contains(h.Key, StringComparer.OrdinalIgnoreCase))];

    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Token);

    public static bool IsHost(string text) => !text.AsSpan().ContainsAnyExcept(OfHosts);

    public static bool HasToken(IEnumerable<string> values, string token) =>
        values.SelectMany(static v => v.Split(',')).Any(v => v.Trim(' ', '\t').Equals(token, StringComparison.OrdinalIgnoreCase));

    public List<string> Of(string name) => [.. _headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static h => h.Value)];

    /// <param name="line">A line that is not empty.</param>
    /// <returns>Whether it can be one.</returns>
    public bool Add(string line)
    {
        if (line[0] is ' ' or '\t')
        {
            _open = _open is null ? null : $"{_open} {line.Trim(' ', '\t')}";
            return _open is not null; // there is nothing that the first line could go on with
        }

        if (!End() || !line.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        _open = line.Trim(' ', '\t');
        return true;
    }

    /// <summary>The last header does not go on.</summary>
    /// <returns>Whether it can be one.</returns>
    public bool End()
    {
        if (_open is null)
        {
            return true;
        }

        var colon = _open.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = (_open[..colon], _open[(colon + 1)..]);
        if (name.Length == 0 || !name.All(static c => c == ' ' || Token.Contains(c)) || value.Any(static c => c is < ' ' and not '\t' or '\x7f'))
        {
            return false;
        }

        HasBadName |= name.Contains(' ', StringComparison.Ordinal);
        _headers.Add(KeyValuePair.Create(name, value.TrimStart(' ', '\t')));
        return true;
    }

    /// <summary>net/http's readTransfer.</summary>
    /// <param name="takesChunks">Whether the version has chunks.</param>
    /// <param name="length">Null for chunks.</param>
    /// <returns>Why there is none.</returns>
    public Refusal? TryLength(bool takesChunks, out long? length)
    {
        length = 0;
        var (encodings, lengths) = (takesChunks ? Of("Transfer-Encoding") : [], Of("Content-Length").ConvertAll(static l => l.Trim(' ', '\t')));
        if (encodings.Count > 0 && (encodings is not [var encoding] || !encoding.Equals("chunked", StringComparison.OrdinalIgnoreCase)))
        {
            return Refusal.TransferEncoding;
        }

        var counted = 0L;
        if (lengths.Count > 0
            && (lengths.Exists(l => l != lengths[0]) || !long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out counted)))
        {
            return Refusal.Malformed;
        }

        var chunked = encodings.Count > 0;
        length = chunked ? null : counted;
        return chunked && Of("Trailer").SelectMany(static t => t.Split(',')).Any(static t => IsNoTrailer(t.Trim(' ', '\t'))) ? Refusal.Malformed : null;
    }

    private static bool IsNoTrailer(string name) =>
        name.ToUpperInvariant() is "TRANSFER-ENCODING" or "TRAILER" or "CONTENT-LENGTH";
}
