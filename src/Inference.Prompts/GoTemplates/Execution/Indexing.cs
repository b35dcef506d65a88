using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>The functions <c>index</c>, <c>slice</c> and <c>len</c>. Texts are indexed by bytes.</summary>
internal static class Indexing
{
    public static GoValue Length(GoValue? item)
    {
        var (value, isNil) = GoValue.Indirect(item);
        if (isNil)
        {
            throw new GoFunctionException("len of nil pointer");
        }

        return new GoInt(value switch
        {
            null => throw new GoFunctionException("reflect: call of reflect.Value.Type on zero Value"),
            GoString text => GoText.ByteLength(text.Text),
            GoBytes bytes => bytes.Bytes.Length,
            GoSlice slice => slice.Count,
            GoMap map => map.Entries.Count,
            _ => throw new GoFunctionException($"len of type {value.Type}"),
        });
    }

    public static GoValue? Index(GoValue? item, ReadOnlySpan<GoValue?> indexes)
    {
        item = GoValue.Held(item) ?? throw new GoFunctionException("index of untyped nil");
        foreach (var raw in indexes)
        {
            var (value, isNil) = GoValue.Indirect(item);
            if (isNil)
            {
                throw new GoFunctionException("index of nil pointer");
            }

            item = Element(value!, GoValue.Held(raw));
        }

        return item;
    }

    public static GoValue Slice(GoValue? item, ReadOnlySpan<GoValue?> indexes)
    {
        var (value, isNil) = GoValue.Indirect(GoValue.Held(item) ?? throw new GoFunctionException("slice of untyped nil"));
        if (isNil)
        {
            throw new GoFunctionException("slice of nil pointer");
        }

        if (indexes.Length > 3)
        {
            throw new GoFunctionException($"too many slice indexes: {indexes.Length}");
        }

        var bytes = value is GoString text ? GoText.ToBytes(text.Text) : null;
        if (bytes is not null && indexes.Length == 3)
        {
            throw new GoFunctionException("cannot 3-index slice a string");
        }

        var (length, capacity) = value switch
        {
            GoString => (bytes!.Length, bytes.Length),
            GoSlice slice => (slice.Count, slice.Capacity),
            _ => throw new GoFunctionException($"can't slice item of type {value!.Type}"),
        };
        Span<int> bounds = [0, length, capacity];
        for (var i = 0; i < indexes.Length; i++)
        {
            bounds[i] = Position(indexes[i], capacity);
        }

        for (var i = 0; i < 2; i++)
        {
            if (bounds[i] > bounds[i + 1] && (i == 0 || indexes.Length == 3))
            {
                throw new GoFunctionException($"invalid slice index: {bounds[i]} > {bounds[i + 1]}");
            }
        }

        return bytes is not null ? new GoString(GoText.FromBytes(bytes.AsSpan(bounds[0]..bounds[1]))) : ((GoSlice)value!).Slice(bounds[0], bounds[1]);
    }

    private static GoValue? Element(GoValue item, GoValue? index)
    {
        switch (item)
        {
            case GoSlice slice:
                var at = Position(index, slice.Count);
                return at < slice.Count ? slice.At(at) : throw new GoFunctionException("reflect: slice index out of range");
            case GoBytes bytes:
                at = Position(index, bytes.Bytes.Length);
                return at < bytes.Bytes.Length ? new GoInt(bytes.Bytes[at], GoTypes.Uint8) : throw new GoFunctionException("reflect: slice index out of range");
            case GoString text:
                var utf8 = GoText.ToBytes(text.Text);
                at = Position(index, utf8.Length);
                return at < utf8.Length ? new GoInt(utf8[at], GoTypes.Uint8) : throw new GoFunctionException("reflect: string index out of range");
            case GoMap map:
                return index switch
                {
                    GoString key => map.At(key.Text),
                    null => throw new GoFunctionException("value is nil; should be of type string"),
                    _ => throw new GoFunctionException($"value has type {index.Type}; should be string"),
                };
            default:
                throw new GoFunctionException($"can't index item of type {item.Type}");
        }
    }

    // Go checks against the capacity first, and lets reflection complain about the rest.
    private static int Position(GoValue? index, int capacity) => GoValue.Held(index) switch
    {
        GoInt number when number.Value < 0 || number.Value > capacity => throw new GoFunctionException($"index out of range: {number.Value}"),
        GoInt number => (int)number.Value,
        null => throw new GoFunctionException("cannot index slice/array with nil"),
        var other => throw new GoFunctionException($"cannot index slice/array with type {other.Type}"),
    };
}
