using System.Buffers;
using System.Text;

namespace Inference.Server.Ports.Requests;

/// <summary>A body in chunks, as net/http's chunkedReader takes it apart and with its words for what is wrong.</summary>
internal sealed class ChunkDecoder
{
    // Both are net/http's: a line's length, and how much of what is sent may be neither data nor its usual frame.
    private const int LongestLine = 4096, MostExcess = 16 * 1024;

    private enum Place
    {
        Size,
        Data,
        DataEnd,
        Trailer,
        End,
    }

    private Place _place;
    private ulong _left;
    private long _excess;

    public bool IsEnd => _place is Place.End;

    /// <summary>Why the body cannot be read on; null while it can.</summary>
    public string? Broken { get; private set; }

    /// <summary>Takes what it can from <paramref name="input"/>.</summary>
    /// <param name="input">What was received; what is left of it afterwards waits for more.</param>
    /// <param name="data">Where the data goes.</param>
    public void Decode(ref ReadOnlySequence<byte> input, IBufferWriter<byte> data)
    {
        while (Broken is null && !IsEnd && Step(ref input, data))
        {
        }
    }

    /// <summary>Why it is broken if nothing more comes.</summary>
    public string AtEnd => Broken ?? (_place is Place.Trailer ? "http: unexpected EOF reading trailer" : "unexpected EOF");

    private bool Step(ref ReadOnlySequence<byte> input, IBufferWriter<byte> data) => _place switch
    {
        Place.Size => Size(ref input),
        Place.Data => Data(ref input, data),
        Place.DataEnd => DataEnd(ref input),
        _ => Trailer(ref input),
    };

    private bool Size(ref ReadOnlySequence<byte> input)
    {
        var reader = new SequenceReader<byte>(input);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> raw, (byte)'\n'))
        {
            Broken = input.Length >= LongestLine ? "header line too long" : null;
            return false;
        }

        var line = Encoding.Latin1.GetString(raw);
        input = input.Slice(reader.Position);
        Broken = !line.Contains('\r', StringComparison.Ordinal) ? "chunked line ends with bare LF"
            : line.IndexOf('\r', StringComparison.Ordinal) != line.Length - 1 ? "invalid CR in chunked line"
            : line.Length > LongestLine ? "header line too long"
            : Length(line[..^1]);
        _place = _left > 0 ? Place.Data : Place.Trailer;
        return true;
    }

    private string? Length(string line)
    {
        var digits = line.TrimEnd(' ', '\t', '\r', '\n').Split(';')[0];
        if (digits.Length == 0)
        {
            return "empty hex number for chunk length";
        }

        _left = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            if (!char.IsAsciiHexDigit(digits[i]))
            {
                return "invalid byte in chunk length";
            }

            if (i == 16)
            {
                return "http chunk length too large";
            }

            _left = (_left << 4) | (uint)Convert.ToInt32(digits[i].ToString(), 16);
        }

        _excess = Math.Max(_excess + line.Length + 2 - 16 - (2 * (long)Math.Min(_left, MostExcess)), 0);
        return _excess > MostExcess ? "chunked encoding contains too much non-data" : null;
    }

    private bool Data(ref ReadOnlySequence<byte> input, IBufferWriter<byte> data)
    {
        var take = (long)Math.Min(_left, (ulong)input.Length);
        foreach (var part in input.Slice(0, take))
        {
            data.Write(part.Span);
        }

        input = input.Slice(take);
        _left -= (ulong)take;
        _place = _left == 0 ? Place.DataEnd : Place.Data;
        return _left == 0;
    }

    private bool DataEnd(ref ReadOnlySequence<byte> input)
    {
        if (input.Length < 2)
        {
            return false;
        }

        Broken = input.Slice(0, 2).ToArray() is [(byte)'\r', (byte)'\n'] ? null : "malformed chunked encoding";
        input = input.Slice(2);
        _place = Place.Size;
        return true;
    }

    // Trailers are read and forgotten: no route has any.
    private bool Trailer(ref ReadOnlySequence<byte> input)
    {
        if (input.Length < 2)
        {
            return false;
        }

        var reader = new SequenceReader<byte>(input);
        if (reader.IsNext("\r\n"u8, advancePast: true) || reader.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8))
        {
            input = input.Slice(reader.Position);
            _place = Place.End;
            return false;
        }

        Broken = input.Length >= LongestLine ? "http: suspiciously long trailer after chunked body" : null;
        return false;
    }
}
