using System.Globalization;
using Inference.Errors;

namespace Inference.Facade.GoJson;

/// <summary>
/// Decodes one JSON value by the rules, and with the words, of Go's encoding/json (v1, Go 1.26) behind gin's ShouldBindJSON.
/// </summary>
/// <remarks>
/// Go scans the whole value for syntax before it stores anything. Here both happen in one pass: a syntax error is thrown at once,
/// everything else is kept until the end is reached. Of mismatches the first is reported; an error of a type that decodes itself
/// (<see cref="Custom"/>) ends the storing and takes the place of the others.
/// A reader of a field takes the field's old value and returns the new one: null and mismatches leave it as it was.
/// </remarks>
internal sealed class GoJsonReader
{
    private readonly GoScanner _scanner;
    private readonly List<string> _path = [];
    private int _root;
    private string _struct = "";
    private GoFault? _first;
    private GoFault? _fatal;

    private GoJsonReader(ReadOnlyMemory<byte> text) => _scanner = new GoScanner(text);

    /// <summary>Reads a request's body into <paramref name="target"/>.</summary>
    /// <param name="body">The bytes. What follows the first value is not looked at.</param>
    /// <param name="shape">What the target's fields are.</param>
    /// <param name="target">Holds the defaults.</param>
    /// <param name="nothing">What to say when there is no value at all.</param>
    /// <exception cref="InferenceException">REQUEST_MALFORMED, in Go's words.</exception>
    public static void Decode<T>(ReadOnlyMemory<byte> body, GoStruct<T> shape, T target, string nothing = "missing request body")
    {
        var reader = new GoJsonReader(body);
        if (!reader._scanner.HasMore())
        {
            throw Catalogue.RequestMalformed.For(nothing);
        }

        reader.Struct(shape, target);
        if ((reader._fatal ?? reader._first) is { } fault)
        {
            throw Catalogue.RequestMalformed.For(fault);
        }
    }

    /// <summary>Reads a text that is a JSON object for certain: its keys in their order, its values untyped.</summary>
    public static OrderedDictionary<string, object?> Object(ReadOnlyMemory<byte> json)
    {
        var reader = new GoJsonReader(json);
        var map = new OrderedDictionary<string, object?>();
        reader.Peek();
        reader._scanner.Open();
        for (var first = true; reader._scanner.NextMember(first, out var key); first = false)
        {
            map[key.ToString()] = reader.Any();
        }

        return map;
    }

    public GoKind Peek() => _scanner.Peek();

    public string String(string old)
    {
        switch (Peek())
        {
            case GoKind.String:
                return _scanner.String().ToString();
            case GoKind.Null:
                _scanner.Literal();
                return old;
            default:
                Mismatch("string");
                return old;
        }
    }

    public bool Bool(bool old) => Bool((bool?)old) ?? old;

    /// <summary>A pointer to a truth value: null takes it away.</summary>
    public bool? BoolPointer(bool? old)
    {
        if (Peek() is GoKind.Null)
        {
            _scanner.Literal();
            return null;
        }

        return Bool(old);
    }

    public long Int(long old) => Integer(old, "int");

    public byte Byte(byte old) => Integer(old, "uint8");

    /// <summary>A value of any type: null, bool, double, string, List or Dictionary of these. Numbers are 64-bit floats, as in Go.</summary>
    public object? Any()
    {
        switch (Peek())
        {
            case GoKind.String:
                return _scanner.String().ToString();
            case GoKind.Number:
                return Number(_scanner.Number().Span);
            case GoKind.Bool:
                return _scanner.Literal();
            case GoKind.Null:
                _scanner.Literal();
                return null;
            case GoKind.Array:
                return GoStack.HasRoom ? AnyArray() : GoStack.Fresh(AnyArray);
            default:
                return GoStack.HasRoom ? AnyObject() : GoStack.Fresh(AnyObject);
        }
    }

    /// <summary>The value as it is written (json.RawMessage).</summary>
    public ReadOnlyMemory<byte> Raw()
    {
        Peek();
        var start = _scanner.Position;
        _scanner.Skip();
        return _scanner.Slice(start);
    }

    public void Skip() => _scanner.Skip();

    /// <summary>A struct: each key goes to its field, unknown ones are skipped.</summary>
    public void Struct<T>(GoStruct<T> shape, T target)
    {
        switch (Peek())
        {
            case GoKind.Object when !GoStack.HasRoom:
                GoStack.Fresh(() => Fields(shape, target));
                return;
            case GoKind.Object:
                Fields(shape, target);
                return;
            case GoKind.Null:
                _scanner.Literal();
                return;
            default:
                Mismatch(shape.Type);
                return;
        }
    }

    /// <summary>
    /// A slice. Null empties it; so does nothing else: like Go, a second list under the same key is read into the elements of the first.
    /// </summary>
    /// <param name="list">What is there, and what will be.</param>
    /// <param name="type">Go's name of the slice's type.</param>
    /// <param name="zero">An element before anything is read into it.</param>
    /// <param name="element">Reads one element.</param>
    public void List<T>(IList<T> list, string type, Func<T> zero, Func<GoJsonReader, T, T> element)
    {
        if (!Enter(GoKind.Array, type, list.Clear))
        {
            return;
        }

        var count = 0;
        for (var first = true; _scanner.NextElement(first); first = false)
        {
            if (_fatal is not null)
            {
                _scanner.Skip();
                continue;
            }

            if (count == list.Count)
            {
                list.Add(zero());
            }

            list[count] = element(this, list[count]);
            count++;
        }

        while (list.Count > count)
        {
            list.RemoveAt(list.Count - 1);
        }
    }

    /// <summary>A map of untyped values; a second one under the same key is merged into it.</summary>
    public void Map(Dictionary<string, object?> map)
    {
        if (!Enter(GoKind.Object, "map[string]interface {}", map.Clear))
        {
            return;
        }

        Members(key => map[key] = Any());
    }

    /// <summary>An object whose order counts, by the rules of the package that Ollama reads it with; null changes nothing.</summary>
    /// <param name="read">Reads one value into the key.</param>
    public void Ordered(Action<string> read) => Custom(() =>
    {
        switch (Peek())
        {
            case GoKind.Null:
                _scanner.Literal();
                return;
            case GoKind.Object:
                OrderedMembers(read);
                return;
            default:
                Fail(new GoFault.Words("Value looks like object, but can't find closing '}' symbol"));
                _scanner.Skip();
                return;
        }
    });

    /// <summary>A value whose type decodes itself: a mismatch inside ends the decoding around it, and is reported by its path from there.</summary>
    public void Custom(Action decode)
    {
        var (first, root, parent) = (_first, _root, _struct);
        (_first, _root, _struct) = (null, _path.Count, "");
        decode();
        var inner = _fatal ?? _first;
        (_first, _root, _struct) = (first, root, parent);
        _fatal = null;
        if (inner is not null)
        {
            Fail(inner);
        }
    }

    /// <summary>The value is of a kind that the type does not take. Go notes it and goes on.</summary>
    public void Mismatch(string type)
    {
        var value = Peek() switch
        {
            GoKind.Object => "object",
            GoKind.Array => "array",
            GoKind.String => "string",
            GoKind.Bool => "bool",
            _ => "number",
        };
        Save(new GoFault.Mismatch(value, type));
        _scanner.Skip();
    }

    /// <summary>Notes what is wrong and goes on.</summary>
    public void Save(GoFault fault) => _first ??= Placed(fault);

    /// <summary>Stops storing.</summary>
    public void Fail(GoFault fault) => _fatal ??= Placed(fault);

    /// <summary>Whether anything is wrong so far with what this decoder reads.</summary>
    public bool Faulty => (_fatal ?? _first) is not null;

    /// <summary>Consumes a string that <see cref="Peek"/> saw.</summary>
    public GoText Text() => _scanner.String();

    private bool? Bool(bool? old)
    {
        switch (Peek())
        {
            case GoKind.Bool:
                return _scanner.Literal();
            case GoKind.Null:
                _scanner.Literal();
                return old;
            default:
                Mismatch("bool");
                return old;
        }
    }

    private T Integer<T>(T old, string type) where T : System.Numerics.IBinaryInteger<T>
    {
        switch (Peek())
        {
            case GoKind.Number:
                var literal = _scanner.Number().Span;
                if (T.TryParse(literal, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                {
                    return value;
                }

                Save(NumberFault(literal, type));
                return old;
            case GoKind.Null:
                _scanner.Literal();
                return old;
            default:
                Mismatch(type);
                return old;
        }
    }

    private void Fields<T>(GoStruct<T> shape, T target)
    {
        var parent = _struct;
        _scanner.Open();
        for (var first = true; _scanner.NextMember(first, out var key); first = false)
        {
            if (_fatal is not null || shape.Find(key) is not { } field)
            {
                Peek();
                _scanner.Skip();
                continue;
            }

            _struct = shape.Name;
            _path.Add(field.Name);
            field.Read(this, target);
            _path.RemoveAt(_path.Count - 1);
            _struct = parent;
        }
    }

    private void Members(Action<string> read)
    {
        for (var first = true; _scanner.NextMember(first, out var key); first = false)
        {
            if (_fatal is null)
            {
                read(key.ToString());
            }
            else
            {
                _scanner.Skip();
            }
        }
    }

    private void OrderedMembers(Action<string> read)
    {
        _scanner.Open();
        for (var first = true; _scanner.NextMember(first, out var written); first = false)
        {
            if (_fatal is not null)
            {
                _scanner.Skip();
            }
            else if (GoOrderedKey.TryRead(written, out var key, out var problem))
            {
                // Each value is an Unmarshal of its own, and its failure ends the object.
                Custom(() => read(key));
            }
            else
            {
                Fail(new GoFault.Words(problem));
                _scanner.Skip();
            }
        }
    }

    private List<object?> AnyArray()
    {
        var list = new List<object?>();
        _scanner.Open();
        for (var first = true; _scanner.NextElement(first); first = false)
        {
            list.Add(Any());
        }

        return list;
    }

    private Dictionary<string, object?> AnyObject()
    {
        var map = new Dictionary<string, object?>();
        _scanner.Open();
        for (var first = true; _scanner.NextMember(first, out var key); first = false)
        {
            map[key.ToString()] = Any();
        }

        return map;
    }

    private double Number(ReadOnlySpan<byte> literal)
    {
        var value = double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsFinite(value))
        {
            return value;
        }

        Save(NumberFault(literal, "float64"));
        return 0;
    }

    private static GoFault.Mismatch NumberFault(ReadOnlySpan<byte> literal, string type) =>
        new GoFault.Mismatch($"number {System.Text.Encoding.ASCII.GetString(literal)}", type);

    private bool Enter(GoKind kind, string type, Action toNil)
    {
        var found = Peek();
        if (found == kind)
        {
            _scanner.Open();
            return true;
        }

        if (found is GoKind.Null)
        {
            _scanner.Literal();
            toNil();
        }
        else
        {
            Mismatch(type);
        }

        return false;
    }

    // decodeState.addErrorContext: the struct that holds the field, and the names from the root of this decoder.
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
