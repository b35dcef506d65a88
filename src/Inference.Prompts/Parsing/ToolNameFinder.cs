using System.Text;
using Inference.V1;

namespace Inference.Prompts.Parsing;

/// <summary>Finds the name of a tool in a growing text: the earliest, and of several there the longest.</summary>
internal sealed class ToolNameFinder
{
    private readonly string[] _names;
    private readonly int _longest;
    private string? _found;
    private int _foundAt;
    private int _searched;

    public ToolNameFinder(IReadOnlyList<Tool> tools)
    {
        _names = [.. tools.Select(static t => t.Function?.Name ?? "").Where(static n => n.Length > 0).OrderByDescending(static n => n.Length)];
        _longest = _names.Length > 0 ? _names[0].Length : 0;
    }

    /// <summary>The text begins anew.</summary>
    public void Restart() => (_found, _foundAt, _searched) = (null, 0, 0);

    /// <returns>Null where there is none, or where the end of the text may become the name of another.</returns>
    public string? Find(StringBuilder text)
    {
        var from = Math.Max(_searched - _longest + 1, 0);
        if (_searched < text.Length)
        {
            Search(text.ToString(from, text.Length - from), from);
            _searched = text.Length;
        }

        if (_found is null)
        {
            return null;
        }

        var tail = text.ToString(Math.Max(text.Length - _longest, 0), Math.Min(_longest, text.Length));
        return Array.Exists(_names, name => TagOverlap.Of(tail, name) > 0) ? null : _found;
    }

    private void Search(string text, int offset)
    {
        foreach (var name in _names)
        {
            var at = text.IndexOf(name, StringComparison.Ordinal);
            if (at >= 0 && (_found is null || offset + at < _foundAt || (offset + at == _foundAt && name.Length > _found.Length)))
            {
                (_found, _foundAt) = (name, offset + at);
            }
        }
    }
}
