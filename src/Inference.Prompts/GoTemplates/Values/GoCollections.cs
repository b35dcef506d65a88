namespace Inference.Prompts.GoTemplates.Values;

/// <summary>A list; slicing it shares the elements.</summary>
internal sealed class GoSlice : GoValue
{
    private readonly ArraySegment<GoValue?> _items;

    /// <param name="type">Says what the elements are.</param>
    /// <param name="items">Null for a nil slice.</param>
    public GoSlice(GoType type, GoValue?[]? items)
    {
        Type = type;
        IsNil = items is null;
        _items = items ?? [];
    }

    private GoSlice(GoType type, ArraySegment<GoValue?> items)
    {
        Type = type;
        _items = items;
    }

    public int Count => _items.Count;

    /// <summary>How far it can be sliced again.</summary>
    public int Capacity => _items.Array!.Length - _items.Offset;

    public override GoType Type { get; }

    public override bool IsTrue => _items.Count > 0;

    public override bool IsNil { get; }

    /// <summary>The element itself.</summary>
    public GoValue? this[int index] => _items[index];

    /// <summary>The element, as an interface where the slice is of anything.</summary>
    public GoValue? At(int index) => Type.Element!.Kind == GoKind.Interface ? new GoInterface(_items[index]) : _items[index];

    public GoSlice Slice(int start, int end) => new(Type, new ArraySegment<GoValue?>(_items.Array!, _items.Offset + start, end - start));

    public static GoSlice Of(IEnumerable<string> texts) => new(GoTypes.StringSlice, [.. texts.Select(static t => new GoString(t))]);
}

/// <summary>Bytes of a file.</summary>
internal sealed class GoBytes(GoType type, ReadOnlyMemory<byte> bytes) : GoValue
{
    public ReadOnlySpan<byte> Bytes => bytes.Span;

    public override GoType Type => type;

    public override bool IsTrue => bytes.Length > 0;
}

/// <summary>A map from strings.</summary>
internal sealed class GoMap : GoValue
{
    private readonly Dictionary<string, GoValue?> _values;

    private GoMap(GoType type, IReadOnlyList<KeyValuePair<string, GoValue?>>? entries)
    {
        Type = type;
        IsNil = entries is null;
        Entries = entries ?? [];
        _values = new Dictionary<string, GoValue?>(Entries);
    }

    public override GoType Type { get; }

    public override bool IsTrue => Entries.Count > 0;

    public override bool IsNil { get; }

    /// <summary>In the order in which they are printed and ranged over.</summary>
    public IReadOnlyList<KeyValuePair<string, GoValue?>> Entries { get; }

    /// <summary>Go's map: sorted where its order shows.</summary>
    public static GoMap Sorted(GoType type, IEnumerable<KeyValuePair<string, GoValue?>>? entries) =>
        new(type, entries is null ? null : [.. entries.OrderBy(static e => e.Key, Comparer<string>.Create(GoText.Compare))]);

    /// <summary>Keeps the order given: Ollama's ordered map.</summary>
    public static GoMap Ordered(GoType type, IEnumerable<KeyValuePair<string, GoValue?>> entries) => new(type, [.. entries]);

    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>The value, as an interface where the map is of anything; without the key, the type's zero.</summary>
    public GoValue? At(string key)
    {
        var found = _values.TryGetValue(key, out var value);
        return Type.Element!.Kind == GoKind.Interface ? new GoInterface(value) : found ? value : GoZero.Of(Type.Element);
    }
}
