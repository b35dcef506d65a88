using System.Runtime.CompilerServices;

namespace Inference.Llama;

/// <summary>A set of bytes.</summary>
[InlineArray(4)]
internal struct ByteSet : IEquatable<ByteSet>
{
    private ulong _bits;

    public static ByteSet Of(int low, int high)
    {
        var set = default(ByteSet);
        set.Add(low, high);
        return set;
    }

    public readonly bool Contains(byte value) => (this[value >> 6] & (1UL << (value & 63))) != 0;

    public void Add(int low, int high)
    {
        for (var value = low; value <= high; value++)
        {
            this[value >> 6] |= 1UL << (value & 63);
        }
    }

    public readonly bool Equals(ByteSet other) => ((ReadOnlySpan<ulong>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is ByteSet other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(this[0], this[1], this[2], this[3]);
}
