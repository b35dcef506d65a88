namespace Inference.GoJson;

/// <summary>
/// Where a decoder is, and what it has found wrong. Of mismatches the first is reported; an error of a type that decodes itself ends
/// the storing and takes the place of the others (encoding/json, decode.go: saveError and addErrorContext).
/// </summary>
internal sealed class GoTrail
{
    private readonly List<string> _path = [];
    private int _root;
    private string _struct = "";
    private GoFault? _first;
    private GoFault? _fatal;

    /// <summary>Nothing more is stored; what is left is only looked at for syntax.</summary>
    public bool IsOver => _fatal is not null;

    /// <summary>What is reported of this decoder.</summary>
    public GoFault? Fault => _fatal ?? _first;

    /// <summary>Notes what is wrong and goes on.</summary>
    public void Save(GoFault fault) => _first ??= Placed(fault);

    /// <summary>Stops storing.</summary>
    public void Fail(GoFault fault) => _fatal ??= Placed(fault);

    /// <summary>Goes into a field and comes back.</summary>
    public void In<T>(string @struct, GoStruct<T>.Field field, GoJsonReader reader, T target)
    {
        var parent = _struct;
        _struct = @struct;
        _path.Add(field.Name);
        field.Read(reader, target);
        _path.RemoveAt(_path.Count - 1);
        _struct = parent;
    }

    /// <summary>Begins a decoder of its own, for a type that decodes itself: what is wrong in it ends the one around it, and gets its place from there too.</summary>
    public void Nested(Action decode)
    {
        var (first, root, parent) = (_first, _root, _struct);
        (_first, _root, _struct) = (null, _path.Count, "");
        decode();
        var inner = Fault;
        (_first, _root, _struct, _fatal) = (first, root, parent, null);
        if (inner is not null)
        {
            Fail(inner);
        }
    }

    // The struct that holds the field, and the names from the root of this decoder.
    private GoFault Placed(GoFault fault)
    {
        if (fault is not GoFault.Mismatch mismatch || _path.Count == _root)
        {
            return fault;
        }

        var path = string.Join('.', _path.Skip(_root));
        return mismatch with { Struct = _struct, Field = mismatch.Field.Length > 0 ? $"{path}.{mismatch.Field}" : path };
    }
}
