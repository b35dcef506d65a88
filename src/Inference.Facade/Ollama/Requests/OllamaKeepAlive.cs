using Google.Protobuf.WellKnownTypes;
using Inference.GoJson;

namespace Inference.Facade.Ollama.Requests;

/// <summary>keep_alive: a number of seconds or a Go duration; anything negative means for ever (api/types.go, Duration).</summary>
internal static class OllamaKeepAlive
{
    private const double NanosecondsPerSecond = 1e9;

    private static Duration Forever => new() { Seconds = -1 };

    public static Duration? Read(GoJsonReader reader, Duration? old)
    {
        if (reader.Peek() is GoKind.Null)
        {
            reader.Skip();
            return null;
        }

        reader.Custom(() => old = Decode(reader, old));
        return old;
    }

    private static Duration? Decode(GoJsonReader reader, Duration? old)
    {
        switch (reader.Any())
        {
            case double seconds:
                return seconds < 0 ? Forever : FromNanoseconds(seconds * NanosecondsPerSecond);
            case string text:
                if (GoDuration.TryParse(text, out var nanoseconds, out var problem))
                {
                    return nanoseconds < 0 ? Forever : FromNanoseconds(nanoseconds);
                }

                reader.Fail(new GoFault.Words(problem));
                return old;
            case var other when !reader.Faulty:
                reader.Fail(new GoFault.Words($"Unsupported type: '{GoAny.TypeOf(other)}'"));
                return old;
            default:
                // A number in there that no float holds comes before the type.
                return old;
        }
    }

    // Beyond what int64 holds Go's conversion gives no useful number; the longest stay does what was meant.
    private static Duration FromNanoseconds(double nanoseconds) => FromNanoseconds(nanoseconds < long.MaxValue ? (long)nanoseconds : long.MaxValue);

    private static Duration FromNanoseconds(long nanoseconds) => new()
    {
        Seconds = nanoseconds / Duration.NanosecondsPerSecond,
        Nanos = (int)(nanoseconds % Duration.NanosecondsPerSecond),
    };
}
