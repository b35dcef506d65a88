namespace Inference.GoJson;

/// <summary>
/// Decodes one JSON value by the rules, and with the words, of Go's encoding/json (v1, Go 1.26): json.NewDecoder(…).Decode.
/// </summary>
/// <remarks>
/// Go scans the whole value for syntax before it stores anything. Here both happen in one pass: a syntax error is thrown at once,
/// everything else is kept in the trail until the end is reached.
/// A reader of a field takes the field's old value and returns the new one: null and mismatches leave it as it was.
/// </remarks>
public sealed class GoJsonReader
{
    private readonly GoScanner _scanner;
    private readonly GoTrail _trail = new();
    private readonly GoSlices _slices = new();
    private readonly GoUntyped _untyped;

    private GoJsonReader(ReadOnlyMemory<byte> text)
    {
        _scanner = new GoScanner(text);
        _untyped = new GoUntyped(_scanner, _trail);
    }

    /// <summary>Whether anything is wrong so far with what this decoder reads.</summary>
    public bool Faulty => _trail.Fault is not null;

    /// <summary>Reads the first value of a text into <paramref name="target"/>.</summary>
    /// <param name="text">The bytes. What follows the first value is not looked at.</param>
    /// <param name="shape">What the target's fields are.</param>
    /// <param name="target">Holds the defaults.</param>
    /// <param name="nothing">What to say when there is no value at all: io.EOF's word, unless the caller says it in its own.</param>
    /// <exception cref="GoJsonException">It is not JSON, or does not fit the target: in Go's words.</exception>
    public static void Decode<T>(ReadOnlyMemory<byte> text, GoStruct<T> shape, T target, string nothing = "EOF") =>
        Decode(text, (shape, target), static (reader, into) => reader.Struct(into.shape, into.target), nothing);

    /// <summary>Reads the first value of a text.</summary>
    /// <param name="text">The bytes. What follows the first value is not looked at.</param>
    /// <param name="target">What is read into.</param>
    /// <param name="read">Consumes exactly one value.</param>
    /// <param name="nothing">What to say when there is no value at all.</param>
    /// <exception cref="GoJsonException">It is not JSON, or does not fit the target: in Go's words.</exception>
    public static void Decode<T>(ReadOnlyMemory<byte> text, T target, Action<GoJsonReader, T> read, string nothing = "EOF")
    {
        var reader = new GoJsonReader(text);
        if (!reader._scanner.HasMore())
        {
            throw new GoJsonException(nothing);
        }

        read(reader, target);
        if (reader._trail.Fault is { } fault)
        {
            throw new GoJsonException(fault.ToString());
        }
    }

    /// <summary>Reads a text that is one value and nothing else: json.Unmarshal.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="target">What is read into.</param>
    /// <param name="read">Consumes exactly one value.</param>
    /// <returns>What is wrong with it; null for nothing.</returns>
    public static GoFault? Unmarshal<T>(ReadOnlyMemory<byte> text, T target, Action<GoJsonReader, T> read)
    {
        var reader = new GoJsonReader(text);
        try
        {
            read(reader, target);
            return reader._scanner.Rest() is { } stray ? new GoFault.Words(GoSyntax.Unexpected(stray, "after top-level value").Message) : reader._trail.Fault;
        }
        catch (GoJsonException problem)
        {
            // A decoder could still be given more; here there is no more.
            return new GoFault.Words(problem.Message is GoSyntax.End ? "unexpected end of JSON input" : problem.Message);
        }
    }

    /// <summary>The kind of the value that comes next.</summary>
    /// <exception cref="GoJsonException">What comes next does not begin a value.</exception>
    public GoKind Peek() => _scanner.Peek();

    /// <summary>A text; null and mismatches leave the old one.</summary>
    public string String(string old) => Scalar(GoKind.String, "string") ? _scanner.String().ToString() : old;

    /// <summary>A truth value; null and mismatches leave the old one.</summary>
    public bool Bool(bool old) => Scalar(GoKind.Bool, "bool") ? _scanner.Literal() : old;

    /// <summary>A value without a type: null, bool, double, string, and List or Dictionary of these.</summary>
    public object? Any() => _untyped.Read();

    /// <summary>The value as it is written (json.RawMessage).</summary>
    public ReadOnlyMemory<byte> Raw()
    {
        Peek();
        var start = _scanner.Position;
        _scanner.Skip();
        return _scanner.Slice(start);
    }

    /// <summary>Consumes a string that <see cref="Peek"/> saw.</summary>
    public GoText Text() => _scanner.String();

    /// <summary>Consumes any value.</summary>
    public void Skip() => _scanner.Skip();

    /// <summary>A struct: each key goes to its field, unknown ones are skipped.</summary>
    public void Struct<T>(GoStruct<T> shape, T target)
    {
        if (!Enter(GoKind.Object, shape.Type, static () => { }))
        {
            return;
        }

        if (GoStack.HasRoom)
        {
            Fields(shape, target);
        }
        else
        {
            GoStack.Fresh(() => Fields(shape, target));
        }
    }

    /// <summary>
    /// A slice. Null empties it, and so does an empty list; any other list under the same key is read into the elements of the first.
    /// </summary>
    /// <param name="list">What is there, and what will be.</param>
    /// <param name="type">Go's name of the slice's type.</param>
    /// <param name="zero">An element before anything is read into it.</param>
    /// <param name="element">Reads one element.</param>
    public void List<T>(IList<T> list, string type, Func<T> zero, Func<GoJsonReader, T, T> element)
    {
        if (!Enter(GoKind.Array, type, () => _slices.Empty(list)))
        {
            return;
        }

        var count = 0;
        for (var first = true; _scanner.NextElement(first); first = false)
        {
            if (_trail.IsOver)
            {
                _scanner.Skip();
                continue;
            }

            if (count == list.Count)
            {
                list.Add(_slices.Next(list, zero));
            }

            list[count] = element(this, list[count]);
            count++;
        }

        _slices.Cut(list, count);
    }

    /// <summary>A map of untyped values; a second one under the same key is merged into it.</summary>
    public void Map(Dictionary<string, object?> map)
    {
        if (!Enter(GoKind.Object, "map[string]interface {}", map.Clear))
        {
            return;
        }

        for (var first = true; _scanner.NextMember(first, out var key); first = false)
        {
            map[key.ToString()] = Any();
        }
    }

    /// <summary>A map of which the caller reads each value.</summary>
    /// <param name="type">Go's name of its type.</param>
    /// <param name="read">Consumes the value of a key.</param>
    public void Members(string type, Action<string> read)
    {
        if (!Enter(GoKind.Object, type, static () => { }))
        {
            return;
        }

        for (var first = true; _scanner.NextMember(first, out var key); first = false)
        {
            read(key.ToString());
        }
    }

    /// <summary>A map of texts: null takes it away, a second one under the same key is merged into it.</summary>
    public Dictionary<string, string>? Texts(Dictionary<string, string>? old)
    {
        var map = old;
        if (!Enter(GoKind.Object, "map[string]string", () => map = null))
        {
            return map;
        }

        map ??= [];
        for (var first = true; _scanner.NextMember(first, out var key); first = false)
        {
            map[key.ToString()] = String("");
        }

        return map;
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
    public void Custom(Action decode) => _trail.Nested(decode);

    /// <summary>The value is of a kind that the type does not take. Go notes it and goes on.</summary>
    public void Mismatch(string type)
    {
        Save(new GoFault.Mismatch(Peek().ToString().ToLowerInvariant(), type));
        _scanner.Skip();
    }

    /// <summary>Notes what is wrong and goes on.</summary>
    public void Save(GoFault fault) => _trail.Save(fault);

    /// <summary>Stops storing.</summary>
    public void Fail(GoFault fault) => _trail.Fail(fault);

    /// <summary>The literal of a number; empty for what is none, null among it, and that is consumed too.</summary>
    internal ReadOnlyMemory<byte> NumberLiteral(string type) => Scalar(GoKind.Number, type) ? _scanner.Number() : default;

    private void Fields<T>(GoStruct<T> shape, T target)
    {
        for (var first = true; _scanner.NextMember(first, out var key); first = false)
        {
            if (!_trail.IsOver && shape.Find(key) is { } field)
            {
                _trail.In(shape.Name, field, this, target);
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
            if (_trail.IsOver)
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

    // Whether the value is of the kind; what is not has been consumed, null without a word.
    private bool Scalar(GoKind kind, string type)
    {
        var found = Peek();
        if (found == kind)
        {
            return true;
        }

        if (found is GoKind.Null)
        {
            _scanner.Literal();
        }
        else
        {
            Mismatch(type);
        }

        return false;
    }

    private bool Enter(GoKind kind, string type, Action toNil)
    {
        if (Peek() is GoKind.Null)
        {
            toNil();
        }

        if (!Scalar(kind, type))
        {
            return false;
        }

        _scanner.Open();
        return true;
    }
}
