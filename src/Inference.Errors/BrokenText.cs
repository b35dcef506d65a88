using System.Buffers;
using System.Globalization;
using System.Text;

namespace Inference.Errors;

/// <summary>
/// Texts with bytes in them that are not UTF-8. Go's strings keep such bytes, and its JSON shows each of them as the escape <c>\ufffd</c>,
/// while a U+FFFD that was there before stays a character. Here a half of a surrogate pair stands for the byte: <c>U+DC00</c> and the byte
/// itself. No status can carry those, so on it they are U+FFFD, and one more fact says where.
/// </summary>
public static class BrokenText
{
    /// <summary>The fact that says which characters of which others stand for bytes: <c>detail:36,38;host:0</c>.</summary>
    public const string Key = "broken_utf8";

    private const char Base = '\uDC00';

    /// <summary>The text of these bytes.</summary>
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) is OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                // Go goes on one byte further, wherever the sequence broke.
                used = 1;
                text.Append((char)(Base + bytes[0]));
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    /// <summary>The bytes again. Of a text from a status they are those of U+FFFD: which ones they were is not told.</summary>
    public static byte[] ToBytes(string text)
    {
        var bytes = new List<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (IsBroken(text, i) && text[i] - Base is > 0 and var single)
            {
                bytes.Add((byte)single);
            }
            else
            {
                _ = Rune.TryGetRuneAt(text, i, out var rune);
                var used = (rune.Value == 0 && text[i] != 0 ? Rune.ReplacementChar : rune).EncodeToUtf8(utf8);
                bytes.AddRange(utf8[..used]);
                i += rune.Utf16SequenceLength - 1;
            }
        }

        return [.. bytes];
    }

    /// <summary>The text as everybody else may see it.</summary>
    public static string Whole(string text)
    {
        if (!HasHalves(text))
        {
            return text;
        }

        var whole = text.ToCharArray();
        foreach (var at in Halves(text))
        {
            whole[at] = '\uFFFD';
        }

        return new string(whole);
    }

    /// <summary>The facts as a status can carry them.</summary>
    internal static ErrorFacts Told(this ErrorFacts facts)
    {
        if (!facts.Values.Values.Any(HasHalves))
        {
            return facts;
        }

        var places = facts.Values.Where(static f => HasHalves(f.Value)).OrderBy(static f => f.Key, StringComparer.Ordinal)
            .Select(static f => $"{f.Key}:{string.Join(',', Halves(f.Value))}");
        return new ErrorFacts(facts.Values.ToDictionary(static f => f.Key, static f => Whole(f.Value))).With(Key, string.Join(';', places));
    }

    /// <summary>The facts of a status, with what <see cref="Told"/> said of them.</summary>
    internal static Dictionary<string, string> Heard(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var facts = new Dictionary<string, string>(metadata);
        if (!facts.Remove(Key, out var places))
        {
            return facts;
        }

        foreach (var place in places.Split(';').Select(static p => p.Split(':')))
        {
            if (place is [var key, var list] && facts.TryGetValue(key, out var value))
            {
                var text = value.ToCharArray();
                foreach (var number in list.Split(','))
                {
                    // A fact may have been cut since.
                    if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < text.Length && text[at] is '\uFFFD')
                    {
                        text[at] = Base;
                    }
                }

                facts[key] = new string(text);
            }
        }

        return facts;
    }

    private static bool HasHalves(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && Halves(text).Any();

    private static IEnumerable<int> Halves(string text) => Enumerable.Range(0, text.Length).Where(i => IsBroken(text, i));

    private static bool IsBroken(string text, int at) => char.IsSurrogate(text[at])
        && !(char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
        && !(char.IsLowSurrogate(text[at]) && at > 0 && char.IsHighSurrogate(text[at - 1]));
}
