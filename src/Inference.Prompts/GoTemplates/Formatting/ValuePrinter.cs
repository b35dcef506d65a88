using System.Globalization;
using System.Text;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Formatting;

/// <summary>Prints any value under a verb, as the upper half of Go's <c>fmt</c> does.</summary>
internal sealed class ValuePrinter
{
    // Values are trees that JSON made; what is deeper than JSON may be does not exist.
    private const string NilText = "<nil>";

    private readonly StringBuilder _output;
    private readonly FormatFlags _flags;
    private readonly ScalarFormatter _scalars;
    private bool _complaining;

    public ValuePrinter(StringBuilder output, FormatFlags flags)
    {
        (_output, _flags) = (output, flags);
        _scalars = new ScalarFormatter(output, flags);
    }

    /// <exception cref="GoFunctionException">What is printed becomes too long.</exception>
    public void Argument(GoValue? value, char verb)
    {
        if (_output.Length > Limits.Text)
        {
            throw new GoFunctionException($"exceeded maximum length of text ({Limits.Text})");
        }

        value = GoValue.Held(value);
        if (value is null)
        {
            if (verb is 'T' or 'v')
            {
                _scalars.Pad(NilText);
            }
            else
            {
                BadVerb(null, verb);
            }
        }
        else if (verb == 'T')
        {
            _scalars.Text(value.Type.Name);
        }
        else if (verb == 'p')
        {
            Pointer(value, verb);
        }
        else if (!PrintedByMethod(value, verb))
        {
            Value(value, verb, 0);
        }
    }

    // String() speaks for the value wherever a text could stand.
    private bool PrintedByMethod(GoValue value, char verb)
    {
        if (_complaining || _flags.SharpV || verb is not ('v' or 's' or 'x' or 'X' or 'q') || !value.Type.Methods.TryGetValue("String", out var text))
        {
            return false;
        }

        Text(((GoString)text(value)).Text, value, verb);
        return true;
    }

    private void Value(GoValue? value, char verb, int depth)
    {
        if (depth > 0 && value is not null && PrintedByMethod(value, verb))
        {
            return;
        }

        switch (value)
        {
            case null:
                _output.Append(NilText);
                break;
            case GoBool flag when verb is 't' or 'v':
                _scalars.Pad(flag.Value ? "true" : "false");
                break;
            case GoInt number:
                Integer(number, verb);
                break;
            case GoFloat number:
                Float(number, verb);
                break;
            case GoComplex number when verb is 'v' or 'b' or 'g' or 'G' or 'x' or 'X' or 'f' or 'F' or 'e' or 'E':
                _scalars.Complex(number.Value, verb == 'v' ? 'g' : verb == 'F' ? 'f' : verb, verb is 'f' or 'F' or 'e' or 'E' ? 6 : -1);
                break;
            case GoString text:
                Text(text.Text, value, verb);
                break;
            case GoBytes bytes:
                Bytes(bytes, verb, depth);
                break;
            case GoSlice slice:
                Slice(slice, verb, depth);
                break;
            case GoMap map:
                Map(map, verb, depth);
                break;
            case GoStruct record:
                Struct(record, verb, depth);
                break;
            case GoInterface held:
                Value(held.Inner, verb, depth + 1);
                break;
            case GoPointer { Target: GoStruct or GoSlice or GoMap } pointer when depth == 0:
                _output.Append('&');
                Value(pointer.Target, verb, depth + 1);
                break;
            case GoPointer:
                Pointer(value, verb);
                break;
            default:
                BadVerb(value, verb);
                break;
        }
    }

    private void Integer(GoInt number, char verb)
    {
        var unsigned = number.Kind == GoKind.Uint8;
        switch (verb)
        {
            case 'v' when _flags.SharpV && unsigned:
                _output.Append(CultureInfo.InvariantCulture, $"0x{number.Value:x}");
                break;
            case 'v' or 'd':
                _scalars.Integer(number.Value, unsigned, 10, verb);
                break;
            case 'b':
                _scalars.Integer(number.Value, unsigned, 2, verb);
                break;
            case 'o' or 'O':
                _scalars.Integer(number.Value, unsigned, 8, verb);
                break;
            case 'x' or 'X':
                _scalars.Integer(number.Value, unsigned, 16, verb);
                break;
            case 'c':
                _scalars.Character(number.Value);
                break;
            case 'q':
                _scalars.QuotedCharacter(number.Value);
                break;
            case 'U':
                _scalars.Unicode(number.Value);
                break;
            default:
                BadVerb(number, verb);
                break;
        }
    }

    private void Float(GoFloat number, char verb)
    {
        switch (verb)
        {
            case 'v':
                _scalars.Float(number.Value, 'g', -1);
                break;
            case 'b' or 'g' or 'G' or 'x' or 'X':
                _scalars.Float(number.Value, verb, -1);
                break;
            case 'f' or 'F' or 'e' or 'E':
                _scalars.Float(number.Value, verb == 'F' ? 'f' : verb, 6);
                break;
            default:
                BadVerb(number, verb);
                break;
        }
    }

    private void Text(string text, GoValue value, char verb)
    {
        switch (verb)
        {
            case 'v' when _flags.SharpV:
            case 'q':
                _scalars.QuotedText(text);
                break;
            case 'v' or 's':
                _scalars.Text(text);
                break;
            case 'x' or 'X':
                _scalars.Hexadecimal(GoText.ToBytes(text), verb == 'X');
                break;
            default:
                BadVerb(value is GoString ? value : new GoString(text), verb);
                break;
        }
    }

    private void Bytes(GoBytes bytes, char verb, int depth)
    {
        switch (verb)
        {
            case 's' or 'q' or 'x' or 'X':
                Text(GoText.FromBytes(bytes.Bytes), bytes, verb);
                break;
            default:
                Slice(new GoSlice(new GoType(GoKind.Slice, bytes.Type.Name, GoTypes.Uint8), [.. bytes.Bytes.ToArray().Select(static b => new GoInt(b, GoTypes.Uint8))]), verb, depth);
                break;
        }
    }

    private void Slice(GoSlice slice, char verb, int depth)
    {
        if (_flags.SharpV)
        {
            _output.Append(slice.Type.Name).Append(slice.IsNil ? "(nil)" : "{");
        }
        else
        {
            _output.Append('[');
        }

        for (var i = 0; i < slice.Count; i++)
        {
            _output.Append(i == 0 ? "" : _flags.SharpV ? ", " : " ");
            Value(slice.At(i), verb, depth + 1);
        }

        _output.Append(_flags.SharpV ? slice.IsNil ? "" : "}" : "]");
    }

    private void Map(GoMap map, char verb, int depth)
    {
        _output.Append(!_flags.SharpV ? "map[" : map.Type.Name + (map.IsNil ? "(nil)" : "{"));
        var first = true;
        foreach (var (key, _) in map.Entries)
        {
            _output.Append(first ? "" : _flags.SharpV ? ", " : " ");
            first = false;
            Value(new GoString(key), verb, depth + 1);
            _output.Append(':');
            Value(map.At(key), verb, depth + 1);
        }

        _output.Append(_flags.SharpV ? map.IsNil ? "" : "}" : "]");
    }

    private void Struct(GoStruct record, char verb, int depth)
    {
        _output.Append(_flags.SharpV ? record.Type.Name : "").Append('{');
        for (var i = 0; i < record.Fields.Count; i++)
        {
            _output.Append(i == 0 ? "" : _flags.SharpV ? ", " : " ");
            if (_flags.PlusV || _flags.SharpV)
            {
                _output.Append(record.Type.Fields[i].Name).Append(':');
            }

            Value(record.At(i), verb, depth + 1);
        }

        _output.Append('}');
    }

    // There are no addresses here; Go's are different on every run.
    private void Pointer(GoValue value, char verb)
    {
        if (value is not GoPointer and not GoSlice and not GoMap)
        {
            BadVerb(value, verb);
        }
        else if (value.IsNil)
        {
            _scalars.Pad(verb == 'v' ? NilText : $"%!{verb}(<nil>)");
        }
        else
        {
            _scalars.Pad("0xc000010000");
        }
    }

    private void BadVerb(GoValue? value, char verb)
    {
        _complaining = true;
        _output.Append("%!").Append(verb).Append('(');
        if (value is null)
        {
            _output.Append(NilText);
        }
        else
        {
            _output.Append(value.Type.Name).Append('=');
            Value(value, 'v', 0);
        }

        _output.Append(')');
        _complaining = false;
    }
}
