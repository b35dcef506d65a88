using System.Collections.Concurrent;

namespace Inference.Services.Knowledge;

/// <summary>Keeps what was made last. Beyond its size all of it goes: what is kept is quickly made again, and rarely that much.</summary>
internal sealed class Recent<TKey, TValue>(int size) where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TValue> _items = new();

    public TValue GetOrAdd<TArgument>(TKey key, Func<TKey, TArgument, TValue> make, TArgument argument)
    {
        if (_items.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_items.Count >= size)
        {
            _items.Clear();
        }

        return _items.GetOrAdd(key, make, argument);
    }
}
