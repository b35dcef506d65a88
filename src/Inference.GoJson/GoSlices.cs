namespace Inference.GoJson;

/// <summary>
/// What Go leaves in the array behind a slice: a list that is cut keeps the elements it was cut by, and finds them again when a later list
/// under the same key makes it grow (encoding/json, decode.go: array). An empty list and null begin anew.
/// </summary>
internal sealed class GoSlices
{
    // Lists are seldom read twice, let alone cut.
    private Dictionary<object, object>? _behind;

    /// <summary>The element that the list grows by.</summary>
    public T Next<T>(IList<T> list, Func<T> zero)
    {
        if (_behind?.GetValueOrDefault(list) is not List<T> { Count: > 0 } behind)
        {
            return zero();
        }

        var next = behind[0];
        behind.RemoveAt(0);
        return next;
    }

    /// <summary>The list ends here.</summary>
    public void Cut<T>(IList<T> list, int count)
    {
        if (count == 0)
        {
            Empty(list);
        }
        else if (list.Count > count)
        {
            _behind ??= new Dictionary<object, object>(ReferenceEqualityComparer.Instance);
            var behind = _behind.GetValueOrDefault(list) as List<T> ?? [];
            behind.InsertRange(0, list.Skip(count));
            _behind[list] = behind;
            while (list.Count > count)
            {
                list.RemoveAt(list.Count - 1);
            }
        }
    }

    /// <summary>Another list, with nothing behind it.</summary>
    public void Empty<T>(IList<T> list)
    {
        list.Clear();
        _behind?.Remove(list);
    }
}
