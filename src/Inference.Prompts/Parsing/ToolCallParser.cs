using System.Text;
using Inference.Prompts.GoTemplates.Analysis;
using Inference.V1;

namespace Inference.Prompts.Parsing;

/// <summary>
/// Takes tool calls out of text. They begin with the tag; then the earliest name of a tool, the longest of several, and the
/// first JSON object make a call, in either order. What stands around them is dropped. Where the tag is a bare bracket, the
/// output must begin with it, and comes back as text when its brackets close without a call.
/// </summary>
/// <remarks>Decides after each character, so that the pieces in which the text comes make no difference.</remarks>
internal sealed class ToolCallParser(string tag, IReadOnlyList<Tool> tools, Func<string> newCallId)
{
    private readonly bool _isBare = tag is ToolTagInference.None or "[";
    private readonly StringBuilder _buffer = new();
    private readonly ToolNameFinder _names = new(tools);
    private JsonObjectScanner _scanner = new();
    private State _state;
    private string _held = "";
    private string? _object;
    private int _depth;
    private int _count;

    private enum State
    {
        Tag,
        Calls,
        Text,
    }

    /// <summary>Text that was taken for a call and was none, and that is no text either; known at the end.</summary>
    public string Unparsed { get; private set; } = "";

    public bool HoldsBack => _held.Length > 0 || _buffer.Length > 0;

    /// <param name="piece">The next text.</param>
    /// <param name="calls">Gets the calls that became complete.</param>
    /// <returns>What is text for certain.</returns>
    public string Feed(string piece, List<ToolCall> calls)
    {
        switch (_state)
        {
            case State.Text:
                return piece;
            case State.Tag:
                var text = FindTag(piece, out var rest);
                return rest.Length > 0 ? text + Take(rest, calls) : text;
            default:
                return Take(piece, calls);
        }
    }

    /// <returns>Text that was held back for a call that did not come.</returns>
    public string End()
    {
        var left = _held + _buffer;
        if (_count > 0 || _state == State.Text)
        {
            return "";
        }

        if (_isBare)
        {
            return left;
        }

        Unparsed = left;
        return "";
    }

    private string FindTag(string piece, out string rest)
    {
        rest = "";
        if (_held.Length == 0 && !piece.Contains(tag[0], StringComparison.Ordinal))
        {
            return Before(piece, "", out rest);
        }

        var text = _held + piece;
        _held = "";
        var at = text.IndexOf(tag, StringComparison.Ordinal);
        if (at >= 0)
        {
            _state = State.Calls;
            return Before(text[..at], text[at..], out rest);
        }

        var overlap = TagOverlap.Of(text, tag);
        _held = text[^overlap..];
        return overlap == 0 ? text : text[..^overlap];
    }

    // Before a bare bracket nothing but white space may stand.
    private string Before(string text, string found, out string rest)
    {
        if (_isBare && !string.IsNullOrWhiteSpace(text))
        {
            (_state, rest) = (State.Text, "");
            return found.Length == 0 ? text : text + found;
        }

        rest = found;
        return text;
    }

    private string Take(string text, List<ToolCall> calls)
    {
        for (var i = 0; i < text.Length; i++)
        {
            _buffer.Append(text[i]);
            if (_scanner.Next(text[i]) is { } range)
            {
                _object ??= ToolArguments.ValidObject(_buffer.ToString(range.Start, range.Length));
            }

            if (_object is not null && TryCall(_object) is { } call)
            {
                calls.Add(call);
            }
            else if (_isBare && _count == 0 && Closes(text[i]))
            {
                _state = State.Text;
                var content = _buffer + text[(i + 1)..];
                _buffer.Clear();
                return content;
            }
        }

        return "";
    }

    private ToolCall? TryCall(string json)
    {
        if (_names.Find(_buffer) is not { } name || ToolArguments.Of(json, name) is not { } arguments)
        {
            return null;
        }

        _buffer.Clear();
        _names.Restart();
        (_scanner, _object) = (new JsonObjectScanner(), null);
        return new ToolCall { Id = newCallId(), Index = _count++, Name = name, ArgumentsJson = arguments };
    }

    private bool Closes(char c)
    {
        if (!_scanner.IsInString)
        {
            _depth += c == tag[0] ? 1 : c == (tag[0] == '{' ? '}' : ']') ? -1 : 0;
        }

        return _depth == 0;
    }
}
