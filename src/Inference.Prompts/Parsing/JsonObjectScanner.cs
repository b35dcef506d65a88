namespace Inference.Prompts.Parsing;

/// <summary>Finds balanced braces in a text that comes character by character. Braces in strings do not count.</summary>
internal sealed class JsonObjectScanner
{
    private int _position;
    private int _start;
    private int _depth;
    private bool _escaped;

    public bool IsInString { get; private set; }

    /// <returns>Where the braces lie that this character closed; null where it closed none.</returns>
    public (int Start, int Length)? Next(char c)
    {
        var at = _position++;
        if (_escaped)
        {
            _escaped = false;
        }
        else if (c == '\\')
        {
            _escaped = true;
        }
        else if (c == '"')
        {
            IsInString = !IsInString;
        }
        else if (!IsInString && c == '{')
        {
            _start = _depth++ == 0 ? at : _start;
        }
        else if (!IsInString && c == '}' && _depth > 0 && --_depth == 0)
        {
            return (_start, at - _start + 1);
        }

        return null;
    }
}
