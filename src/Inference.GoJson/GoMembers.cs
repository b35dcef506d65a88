namespace Inference.GoJson;

/// <summary>The members of an object some of which are left out when they are empty (omitempty).</summary>
public ref struct GoMembers
{
    private readonly GoJsonWriter _json;
    private ReadOnlySpan<byte> _separator = "{"u8;

    /// <summary>An object that begins with its first member, if there is any.</summary>
    public GoMembers(GoJsonWriter json) => _json = json;

    /// <summary>Begins a member whose value the caller writes.</summary>
    /// <param name="key">In quotes and with its colon.</param>
    public GoJsonWriter Next(ReadOnlySpan<byte> key)
    {
        _json.Raw(_separator);
        _json.Raw(key);
        _separator = ","u8;
        return _json;
    }

    /// <summary>A text, unless it is empty.</summary>
    public void Optional(ReadOnlySpan<byte> key, string value)
    {
        if (value.Length > 0)
        {
            Next(key).String(value);
        }
    }

    /// <summary>A number, unless it is 0.</summary>
    public void Optional(ReadOnlySpan<byte> key, long value)
    {
        if (value != 0)
        {
            Next(key).Int(value);
        }
    }

    /// <summary>A list of texts, unless it is empty.</summary>
    public void Optional(ReadOnlySpan<byte> key, IReadOnlyCollection<string> values)
    {
        if (values.Count > 0)
        {
            Next(key).List(values, static (json, text) => json.String(text));
        }
    }

    /// <summary>An untyped value; of these only null is empty.</summary>
    public void Optional(ReadOnlySpan<byte> key, object? value)
    {
        if (value is not null)
        {
            Next(key).Write(value);
        }
    }

    /// <summary>Closes the object.</summary>
    public readonly void End() => _json.Raw(_separator is [(byte)'{'] ? "{}"u8 : "}"u8);
}
