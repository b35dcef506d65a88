namespace Inference.Llama;

/// <summary>Where an output has got in a grammar: every place it may be at, each with what has to follow it.</summary>
/// <param name="Tops">Nodes of a <see cref="GrammarMachine"/>, ascending.</param>
/// <param name="MayEnd">The output is complete as it is.</param>
internal sealed record GrammarState(int[] Tops, bool MayEnd)
{
    /// <summary>Where no output leads.</summary>
    public static GrammarState Dead { get; } = new([], MayEnd: false);

    private GrammarState?[]? _next; // by byte, as far as found out; most states are never left

    public GrammarState? Next(byte value) => _next?[value];

    public void SetNext(byte value, GrammarState next) => (_next ??= new GrammarState?[256])[value] = next;

    public bool IsDead => ReferenceEquals(this, Dead);

    public bool Equals(GrammarState? other) => other is not null && MayEnd == other.MayEnd && Tops.AsSpan().SequenceEqual(other.Tops);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(MayEnd);
        foreach (var top in Tops)
        {
            hash.Add(top);
        }

        return hash.ToHashCode();
    }
}
