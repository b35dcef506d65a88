using System.Collections.Concurrent;

namespace Inference.Store;

/// <summary>Remembers what has been said, so that a listing each second does not fill the log.</summary>
internal sealed class OnceLog
{
    // A store with more faults than this may repeat itself.
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, byte> _said = new(StringComparer.Ordinal);

    public bool IsFirst(string subject)
    {
        if (_said.Count >= Capacity)
        {
            _said.Clear();
        }

        return _said.TryAdd(subject, 0);
    }
}
