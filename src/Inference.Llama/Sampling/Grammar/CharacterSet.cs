using System.Text;

namespace Inference.Llama;

/// <summary>A set of characters, and the byte sequences that encode them.</summary>
internal sealed class CharacterSet
{
    private const int Last = 0x10FFFF;
    private static readonly (int Low, int High)[] Lengths = [(0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, Last)]; // of equally long encodings

    private readonly List<(int Low, int High)> _ranges = [];

    /// <summary>All but the zero character, which ends a text of C and so is in none.</summary>
    public static CharacterSet Any { get; } = FromTo(1, Last);

    /// <param name="low">First code point.</param>
    /// <param name="high">Last; below the first it is none.</param>
    public void Add(int low, int high)
    {
        if (low <= high)
        {
            _ranges.Add((low, Math.Min(high, Last)));
        }
    }

    public CharacterSet Complement()
    {
        var others = new CharacterSet();
        var next = 1;
        foreach (var (low, high) in _ranges.Order())
        {
            others.Add(next, low - 1);
            next = Math.Max(next, high + 1);
        }

        others.Add(next, Last);
        return others;
    }

    /// <summary>Sequences of sets of bytes, one of which encodes each character: those of one byte together, the others by lengths and first bytes.</summary>
    public List<List<ByteSet>> Encode()
    {
        var sequences = new List<List<ByteSet>>();
        var ascii = default(ByteSet);
        foreach (var (low, high) in _ranges)
        {
            ascii.Add(Math.Max(low, 1), Math.Min(high, 0x7F));
            foreach (var (first, last) in Lengths)
            {
                EncodeLong(Math.Max(low, first), Math.Min(high, last), sequences);
            }
        }

        if (!ascii.Equals(default))
        {
            sequences.Add([ascii]);
        }

        return sequences;
    }

    private static CharacterSet FromTo(int low, int high)
    {
        var set = new CharacterSet();
        set.Add(low, high);
        return set;
    }

    // Splits where a byte has not its whole range while one before it varies: 日 to 本 is three sequences.
    private static void EncodeLong(int low, int high, List<List<ByteSet>> sequences)
    {
        if (low > high)
        {
            return;
        }

        for (var bits = 6; bits <= 18; bits += 6)
        {
            var tail = (1 << bits) - 1;
            if (low >> bits == high >> bits)
            {
                continue;
            }

            if ((low & tail) != 0)
            {
                EncodeLong(low, low | tail, sequences);
                EncodeLong((low | tail) + 1, high, sequences);
                return;
            }

            if ((high & tail) != tail)
            {
                EncodeLong(low, (high & ~tail) - 1, sequences);
                EncodeLong(high & ~tail, high, sequences);
                return;
            }
        }

        sequences.Add(Bytes(new Rune(low), new Rune(high)));
    }

    private static List<ByteSet> Bytes(Rune low, Rune high)
    {
        Span<byte> from = stackalloc byte[4];
        Span<byte> to = stackalloc byte[4];
        var length = low.EncodeToUtf8(from);
        high.EncodeToUtf8(to);
        var bytes = new List<ByteSet>(length);
        for (var i = 0; i < length; i++)
        {
            bytes.Add(ByteSet.Of(from[i], to[i]));
        }

        return bytes;
    }
}
