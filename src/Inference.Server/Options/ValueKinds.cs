using System.Globalization;

namespace Inference.Server.Options;

/// <summary>The kinds of values there are. What they read is what the configuration binder takes.</summary>
internal static class ValueKinds
{
    public static readonly ValueKind Text = new("text", "must not be empty", static s => s);

    public static readonly ValueKind Address = new("address", "must be [scheme://]host[:port]", static s => s);

    // The binder takes a full path only, and a user's shell has expanded ~ on the command line but not in a unit file.
    public static readonly ValueKind Path = new("path", "must be a path", static s => System.IO.Path.GetFullPath(
        s is "~" || s.StartsWith("~/", StringComparison.Ordinal) ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + s[1..] : s));

    public static readonly ValueKind Whole = new("n", "must be a whole number", static s =>
        int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n.ToString(CultureInfo.InvariantCulture) : null);

    public static readonly ValueKind Duration = new("duration", "must be a duration such as 90s or 1h30m, or a number of seconds", static s =>
        GoText.Duration(s)?.ToString("c", CultureInfo.InvariantCulture));

    // Ollama's envconfig: what strconv.ParseBool cannot read is true.
    public static readonly ValueKind Switch = new("bool", "must be true or false", static s => (GoText.Bool(s) ?? true) ? "true" : "false");

    // Ollama's envconfig.LogLevel: slog levels are four apart, and a number counts them downwards from information.
    public static readonly ValueKind Verbosity = new("level", "must be true, false or a number", static s =>
        (GoText.Bool(s), int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : 0) switch
        {
            (true, _) or (_, 1) => nameof(LogLevel.Debug),
            (_, > 1) => nameof(LogLevel.Trace),
            (_, -1) => nameof(LogLevel.Warning),
            (_, < -1) => nameof(LogLevel.Error),
            _ => nameof(LogLevel.Information),
        });

    public static ValueKind Choice<T>() where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        var spelled = string.Join('|', names.Select(static n => n.ToLowerInvariant()));
        return new(spelled, $"must be one of {spelled.Replace("|", ", ", StringComparison.Ordinal)}", s =>
            Array.Find(names, n => n.Equals(s, StringComparison.OrdinalIgnoreCase)));
    }
}
