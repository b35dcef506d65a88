using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Inference.Services.Transcoding;

/// <summary>
/// Finds names in a JSON text that its message does not have, while the text goes by: of the text it keeps one name at most, however long
/// its values are. Knows only as much JSON as that takes; what is no JSON the transcoder refuses.
/// </summary>
internal sealed class FieldScanner(MessageDescriptor message)
{
    private const int Deepest = 128;     // the transcoder refuses anything near it
    private const int LongestName = 256; // bytes; longer ones are unknown
    private const int Most = 16;         // of the unknown, and they need not be told twice

    private readonly Stack<Place> _places = new();
    private readonly List<string> _unknown = [];
    private readonly byte[] _name = new byte[LongestName + 2];
    private int _length;
    private Reading _reading;

    private enum Reading
    {
        Structure,
        Name,
        EscapeInName,
        Text,
        EscapeInText,
        Nothing,
    }

    /// <summary>Paths of the unknown names, in proto names as far as they are known; the first few.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    public void Feed(ReadOnlySpan<byte> json)
    {
        for (var i = 0; i < json.Length; i++)
        {
            if (_reading is Reading.Text)
            {
                var skipped = json[i..].IndexOfAny((byte)'"', (byte)'\\'); // most of a body are long texts
                if (skipped < 0)
                {
                    return;
                }

                i += skipped;
            }

            Take(json[i]);
        }
    }

    private void Take(byte b)
    {
        switch (_reading)
        {
            case Reading.Structure:
                TakeStructure(b);
                break;
            case Reading.Name:
                Keep(b);
                if (b is (byte)'"')
                {
                    _reading = Reading.Structure;
                    Look();
                }
                else if (b is (byte)'\\')
                {
                    _reading = Reading.EscapeInName;
                }

                break;
            case Reading.EscapeInName:
                Keep(b);
                _reading = Reading.Name;
                break;
            case Reading.Text:
                _reading = b is (byte)'"' ? Reading.Structure : b is (byte)'\\' ? Reading.EscapeInText : Reading.Text;
                break;
            case Reading.EscapeInText:
                _reading = Reading.Text;
                break;
        }
    }

    private void TakeStructure(byte b)
    {
        _places.TryPeek(out var place);
        switch (b)
        {
            case (byte)'"' when place is { ExpectsName: true }:
                (_length, _reading) = (0, Reading.Name);
                Keep(b);
                break;
            case (byte)'"':
                _reading = Reading.Text;
                break;
            case (byte)'{':
                Enter(new Place(place is null ? message : place.Inside, isList: false, place is { IsList: false, Field.IsMap: true }));
                break;
            case (byte)'[':
                Enter(new Place(place?.Inside, isList: true, isMap: false));
                break;
            case (byte)'}' or (byte)']':
                _places.TryPop(out _);
                break;
            case (byte)':' when place is not null:
                place.ExpectsName = false;
                break;
            case (byte)',' when place is not null:
                place.Next();
                break;
        }
    }

    private void Enter(Place place)
    {
        _places.Push(place);
        _reading = _places.Count > Deepest ? Reading.Nothing : Reading.Structure;
    }

    private void Keep(byte b)
    {
        if (_length < _name.Length)
        {
            _name[_length++] = b;
        }
    }

    private void Look()
    {
        var place = _places.Peek();
        var name = _name[_length - 1] is (byte)'"' ? Decode(_name.AsSpan(0, _length)) : $"{Encoding.UTF8.GetString(_name, 1, 64)}…";
        place.Name = name;
        if (place.IsMap || place.Message is null)
        {
            return;
        }

        place.Field = FieldNames.Find(place.Message, name);
        if (place.Field is { } field)
        {
            place.Name = field.Name;
        }
        else if (_unknown.Count < Most && PathOf() is var path && !_unknown.Contains(path))
        {
            _unknown.Add(path);
        }
    }

    private static string Decode(ReadOnlySpan<byte> quoted)
    {
        try
        {
            var reader = new Utf8JsonReader(quoted);
            reader.Read();
            return reader.GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return ""; // no JSON, or no text: the transcoder says so
        }
    }

    private string PathOf()
    {
        var path = new StringBuilder();
        foreach (var place in _places.Reverse())
        {
            _ = place.IsList ? path.Append(CultureInfo.InvariantCulture, $"[{place.Index}]") : path.Append(path.Length > 0 ? "." : "").Append(place.Name);
        }

        return path.ToString();
    }

    /// <summary>An object or a list that is being read.</summary>
    /// <param name="message">What its names are checked against, or the objects in the list are; null for free names.</param>
    /// <param name="isList">It is a list.</param>
    /// <param name="isMap">Its names are keys, and the message is that of its values.</param>
    private sealed class Place(MessageDescriptor? message, bool isList, bool isMap)
    {
        public MessageDescriptor? Message { get; } = message;

        public bool IsList { get; } = isList;

        public bool IsMap { get; } = isMap;

        public bool ExpectsName { get; set; } = !isList;

        public string Name { get; set; } = "";

        public FieldDescriptor? Field { get; set; }

        public int Index { get; private set; }

        /// <summary>What an object in the next place is.</summary>
        public MessageDescriptor? Inside => IsList || IsMap ? Message : Field is null ? null : FieldNames.MessageOf(Field);

        public void Next()
        {
            (ExpectsName, Field) = (!IsList, null);
            Index++;
        }
    }
}
