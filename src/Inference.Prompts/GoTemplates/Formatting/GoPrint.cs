using System.Text;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Formatting;

/// <summary>Go's <c>fmt.Sprint</c>, <c>Sprintln</c> and <c>Sprintf</c>.</summary>
internal static class GoPrint
{
    private const int MaxNumber = 1_000_000;

    /// <summary>What an action prints; the text itself where the value is one.</summary>
    public static string Value(GoValue? value) => value is GoString text ? text.Text : Sprint([value]);

    /// <summary>Spaces stand between two values that are both no texts.</summary>
    public static string Sprint(ReadOnlySpan<GoValue?> values)
    {
        var output = new StringBuilder();
        var printer = new ValuePrinter(output, new FormatFlags());
        var afterText = true;
        foreach (var value in values)
        {
            var isText = GoValue.Held(value)?.Kind == GoKind.String;
            output.Append(isText || afterText ? "" : " ");
            printer.Argument(value, 'v');
            afterText = isText;
        }

        return output.ToString();
    }

    public static string Sprintln(ReadOnlySpan<GoValue?> values)
    {
        var output = new StringBuilder();
        var printer = new ValuePrinter(output, new FormatFlags());
        for (var i = 0; i < values.Length; i++)
        {
            output.Append(i > 0 ? " " : "");
            printer.Argument(values[i], 'v');
        }

        return output.Append('\n').ToString();
    }

    public static string Sprintf(string format, ReadOnlySpan<GoValue?> values) => new Formatter(format, values).Run();

    private ref struct Formatter(string format, ReadOnlySpan<GoValue?> values)
    {
        private readonly ReadOnlySpan<GoValue?> _values = values;
        private readonly StringBuilder _output = new();
        private readonly FormatFlags _flags = new();
        private int _at;
        private int _next;
        private bool _reordered;
        private bool _goodIndex;
        private bool _afterIndex;

        public string Run()
        {
            var printer = new ValuePrinter(_output, _flags);
            while (_at < format.Length)
            {
                var percent = format.IndexOf('%', _at);
                if (percent < 0)
                {
                    percent = format.Length;
                }

                _output.Append(format, _at, percent - _at);
                _at = percent + 1;
                if (percent < format.Length)
                {
                    Directive(printer);
                }
            }

            if (!_reordered && _next < _values.Length)
            {
                Extra(printer);
            }

            return _output.ToString();
        }

        private void Directive(ValuePrinter printer)
        {
            _flags.Clear();
            (_goodIndex, _afterIndex) = (true, false);
            Flags();
            Index();
            Width();
            Precision();
            if (!_afterIndex)
            {
                Index();
            }

            if (_at >= format.Length)
            {
                _output.Append("%!(NOVERB)");
                return;
            }

            var rune = Rune.TryGetRuneAt(format, _at, out var known) ? known : Rune.ReplacementChar;
            _at += rune.Utf16SequenceLength;
            if (rune.Value == '%')
            {
                _output.Append('%');
            }
            else if (!_goodIndex)
            {
                _output.Append("%!").Append(rune.ToString()).Append("(BADINDEX)");
            }
            else if (_next >= _values.Length)
            {
                _output.Append("%!").Append(rune.ToString()).Append("(MISSING)");
            }
            else
            {
                if (rune.Value == 'v')
                {
                    _flags.MoveToV();
                }

                printer.Argument(_values[_next++], rune.IsBmp ? (char)rune.Value : '\uFFFD');
            }
        }

        private void Flags()
        {
            for (; _at < format.Length; _at++)
            {
                switch (format[_at])
                {
                    case '#':
                        _flags.Sharp = true;
                        break;
                    case '0':
                        _flags.Zero = true;
                        break;
                    case '+':
                        _flags.Plus = true;
                        break;
                    case '-':
                        _flags.Minus = true;
                        break;
                    case ' ':
                        _flags.Space = true;
                        break;
                    default:
                        return;
                }
            }
        }

        private void Width()
        {
            if (At('*'))
            {
                _flags.Width = Star("%!(BADWIDTH)");
                if (_flags.Width < 0)
                {
                    (_flags.Width, _flags.Minus) = (-_flags.Width, true);
                }

                _afterIndex = false;
                return;
            }

            _flags.Width = Number();
            if (_afterIndex && _flags.Width is not null)
            {
                _goodIndex = false;
            }
        }

        private void Precision()
        {
            if (_at + 1 > format.Length || !At('.'))
            {
                return;
            }

            if (_afterIndex)
            {
                _goodIndex = false;
            }

            Index();
            if (At('*'))
            {
                _flags.Precision = Star("%!(BADPREC)");
                if (_flags.Precision < 0)
                {
                    _flags.Precision = null;
                    _output.Append("%!(BADPREC)");
                }

                _afterIndex = false;
                return;
            }

            _flags.Precision = Number() ?? 0;
        }

        private bool At(char wanted)
        {
            if (_at >= format.Length || format[_at] != wanted)
            {
                return false;
            }

            _at++;
            return true;
        }

        private int? Number()
        {
            var start = _at;
            var number = 0;
            for (; _at < format.Length && char.IsAsciiDigit(format[_at]); _at++)
            {
                number = (number * 10) + (format[_at] - '0');
                if (number > MaxNumber)
                {
                    return null;
                }
            }

            return _at > start ? number : null;
        }

        private int? Star(string complaint)
        {
            if (_next < _values.Length && GoValue.Held(_values[_next++]) is GoInt { Value: >= -MaxNumber and <= MaxNumber } number)
            {
                return (int)number.Value;
            }

            _output.Append(complaint);
            return null;
        }

        // %[2]d: the second value, and from there on.
        private void Index()
        {
            if (_at >= format.Length || format[_at] != '[')
            {
                return;
            }

            _reordered = true;
            var close = format.IndexOf(']', _at);
            if (close < 0)
            {
                _goodIndex = false;
                _at++;
                return;
            }

            if (int.TryParse(format.AsSpan(_at + 1, close - _at - 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index) && index >= 1 && index <= _values.Length)
            {
                _next = index - 1;
                _afterIndex = true;
            }
            else
            {
                _goodIndex = false;
            }

            _at = close + 1;
        }

        private readonly void Extra(ValuePrinter printer)
        {
            _flags.Clear();
            _output.Append("%!(EXTRA ");
            for (var i = _next; i < _values.Length; i++)
            {
                _output.Append(i > _next ? ", " : "");
                if (GoValue.Held(_values[i]) is { } value)
                {
                    _output.Append(value.Type.Name).Append('=');
                    printer.Argument(value, 'v');
                }
                else
                {
                    _output.Append("<nil>");
                }
            }

            _output.Append(')');
        }
    }
}
