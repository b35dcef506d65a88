using System.Runtime.InteropServices;

namespace Inference.Runtime.Caching;

/// <summary>
/// One llama.cpp sequence id and what its cache holds. After a request has ended the slot stays warm for the next prompt that starts alike.
/// </summary>
internal sealed class Slot(int id)
{
    public int Id { get; } = id;

    /// <summary>A sequence runs on it.</summary>
    public bool IsOwned { get; set; }

    /// <summary>Cells its owner may ever hold.</summary>
    public int Limit { get; set; }

    /// <summary>Grows with each use; the smallest is evicted first.</summary>
    public long LastUsed { get; set; }

    /// <summary>The token of each position.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>In a unified cache: the cell of each position.</summary>
    public List<int> Cells { get; } = [];

    /// <summary>
    /// Leading positions whose cells are what the tokens alone would give. After a shift the later ones still carry what was dropped, and
    /// no other prompt may build on them.
    /// </summary>
    public int Pure { get; set; }

    public bool IsWarm => !IsOwned && Tokens.Count > 0;

    public int CommonPrefix(ReadOnlySpan<int> prompt) => CollectionsMarshal.AsSpan(Tokens)[..Pure].CommonPrefixLength(prompt);
}
