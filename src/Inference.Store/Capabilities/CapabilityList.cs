namespace Inference.Store.Capabilities;

/// <summary>Capabilities in the order of their discovery, each once.</summary>
internal sealed class CapabilityList
{
    private readonly List<string> _items = [];

    public IReadOnlyList<string> Items => _items;

    public void Add(string capability, bool condition = true)
    {
        if (condition && !_items.Contains(capability))
        {
            _items.Add(capability);
        }
    }

    public void AddAll(IEnumerable<string> capabilities)
    {
        foreach (var capability in capabilities)
        {
            Add(capability);
        }
    }

    public void Remove(string capability, bool condition)
    {
        if (condition)
        {
            _items.Remove(capability);
        }
    }
}
