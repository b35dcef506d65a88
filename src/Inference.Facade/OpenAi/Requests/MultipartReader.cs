using System.Text;
using Inference.Errors;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>Finds the parts between the boundaries (Go's mime/multipart, Reader.nextPart).</summary>
internal sealed class MultipartReader
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly byte[] _boundary;
    private int _at;
    private bool _begun;
    // The first boundary decides how lines end.
    private byte[] _lineEnd = "\r\n"u8.ToArray();

    public MultipartReader(string boundary, ReadOnlyMemory<byte> body)
    {
        _body = body;
        _boundary = Encoding.UTF8.GetBytes($"--{boundary}");
    }

    /// <summary>Why there are no more parts; null at the proper end.</summary>
    public string? Problem { get; private set; }

    /// <summary>The next part; null at the end, and where something is wrong.</summary>
    public MultipartPart? Next()
    {
        if (_boundary.Length == 2)
        {
            return Fail("multipart: boundary is empty");
        }

        var separated = false;
        while (true)
        {
            var line = Line(out var ended);
            if (!ended)
            {
                return IsLast(line) ? null : Fail("multipart: NextPart: EOF");
            }

            if (IsBoundary(line))
            {
                _begun = true;
                return Part();
            }

            if (IsLast(line))
            {
                return null;
            }

            if (separated)
            {
                return Fail($"multipart: expecting a new Part; got line {Quoted(line)}");
            }

            if (!_begun)
            {
                continue;
            }

            if (!line.SequenceEqual(_lineEnd))
            {
                return Fail($"multipart: unexpected line in Next(): {Quoted(line)}");
            }

            separated = true;
        }
    }

    private MultipartPart? Part()
    {
        var disposition = "";
        while (true)
        {
            var line = Line(out var ended);
            var text = Encoding.Latin1.GetString(line).TrimEnd('\r', '\n');
            if (text.Length == 0)
            {
                // Nothing after the headers at all ends the form without a word.
                return ended ? new MultipartPart(disposition, Body()) is var part && Problem is null ? part : null : null;
            }

            var colon = text.IndexOf(':');
            if (colon < 0)
            {
                return Fail($"malformed MIME header line: {text}");
            }

            if (text[..colon].Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
            {
                disposition = Encoding.UTF8.GetString(line)[(colon + 1)..].Trim();
            }
        }
    }

    // Up to the line end before the next boundary; a boundary may also follow the headers at once.
    private ReadOnlyMemory<byte> Body()
    {
        var start = _at;
        var rest = _body.Span[start..];
        if (rest.StartsWith(_boundary) && EndsWell(rest[_boundary.Length..]))
        {
            return default;
        }

        byte[] mark = [.. _lineEnd, .. _boundary];
        for (var from = 0; rest[from..].IndexOf(mark) is var found and >= 0; from += found + 1)
        {
            if (EndsWell(rest[(from + found + mark.Length)..]))
            {
                _at = start + from + found;
                return _body.Slice(start, from + found);
            }
        }

        Fail("unexpected EOF");
        return default;
    }

    private static bool EndsWell(ReadOnlySpan<byte> rest) => rest is [] or [(byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n', ..] or [(byte)'-', (byte)'-', ..];

    private bool IsBoundary(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(_boundary))
        {
            return false;
        }

        var rest = line[_boundary.Length..].TrimStart(" \t"u8);
        if (!_begun && rest is [(byte)'\n'])
        {
            _lineEnd = "\n"u8.ToArray();
        }

        return rest.SequenceEqual(_lineEnd);
    }

    private bool IsLast(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(_boundary) || !line[_boundary.Length..].StartsWith("--"u8))
        {
            return false;
        }

        var rest = line[(_boundary.Length + 2)..].TrimStart(" \t"u8);
        return rest.IsEmpty || rest.SequenceEqual(_lineEnd);
    }

    // With its end; what lacks one is the last.
    private ReadOnlySpan<byte> Line(out bool ended)
    {
        var rest = _body.Span[_at..];
        var length = rest.IndexOf((byte)'\n') + 1;
        ended = length > 0;
        var line = ended ? rest[..length] : rest;
        _at += line.Length;
        return line;
    }

    private static string Quoted(ReadOnlySpan<byte> line) => GoQuote.Quote(Encoding.UTF8.GetString(line));

    private MultipartPart? Fail(string problem)
    {
        Problem = problem;
        return null;
    }
}
