using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Inference.Llama.Interop;

namespace Inference.Llama;

/// <summary>How serious a line of llama.cpp's log is.</summary>
public enum LlamaLogLevel
{
    Warning = 3,
    Error = 4,
}

/// <summary>Receives llama.cpp's log instead of stderr: warnings and errors go on to the program, the rest is dropped unread.</summary>
internal static unsafe class LlamaLog
{
    private const int Continuation = 5; // of the line before

    [ThreadStatic]
    private static string? _firstError; // since Begin, on this thread: the reason of a call that only answers null

    [ThreadStatic]
    private static int _level;

    [ThreadStatic]
    private static List<(LlamaLogLevel Level, string Line)>? _held;

    [ThreadStatic]
    private static bool _holds;

    /// <summary>Where kept lines go.</summary>
    public static Action<LlamaLogLevel, string>? Sink { get; set; }

    public static void Install() => Native.llama_log_set(&Receive, null);

    /// <summary>Forgets earlier errors of this thread.</summary>
    public static void Begin() => _firstError = null;

    /// <summary>What llama.cpp gave as its reason since <see cref="Begin"/>; the text itself if it gave none.</summary>
    public static string Reason(string otherwise)
    {
        const string prefix = "error loading model: ";
        if (_firstError is not { } line)
        {
            return otherwise;
        }

        var start = line.LastIndexOf(prefix, StringComparison.Ordinal);
        if (start >= 0)
        {
            return line[(start + prefix.Length)..];
        }

        // "function_name: text"
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && !line.AsSpan(0, colon).Contains(' ') ? line[(colon + 2)..] : line;
    }

    /// <summary>Holds this thread's lines back up to <see cref="Release"/>: to llama.cpp a computation that is stopped on purpose is four errors.</summary>
    public static void Hold() => _holds = true;

    /// <param name="drop">What was held back is nobody's concern.</param>
    public static void Release(bool drop)
    {
        _holds = false;
        if (_held is not { Count: > 0 } held)
        {
            return;
        }

        if (!drop)
        {
            held.ForEach(static line => Sink?.Invoke(line.Level, line.Line));
        }

        held.Clear();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Receive(int level, byte* text, void* data)
    {
        try
        {
            _level = level == Continuation ? _level : level;
            if (_level is (int)LlamaLogLevel.Warning or (int)LlamaLogLevel.Error && NativeText.From(text)?.TrimEnd() is { Length: > 0 } line)
            {
                Keep((LlamaLogLevel)_level, line);
            }
        }
        catch (Exception)
        {
            // An exception in a frame below C++ ends the process; a line of the log is not worth that.
        }
    }

    private static void Keep(LlamaLogLevel level, string line)
    {
        if (level is LlamaLogLevel.Error)
        {
            _firstError ??= line;
        }

        if (_holds)
        {
            (_held ??= []).Add((level, line));
        }
        else
        {
            Sink?.Invoke(level, line);
        }
    }
}
