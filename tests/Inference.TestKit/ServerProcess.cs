using System.Diagnostics;
using System.Threading.Channels;

namespace Inference.TestKit;

/// <summary>The built server as a process of its own: for signals, exit codes, and what it prints.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private readonly Task<string> _errors;
    private readonly Task _reading;
    private readonly List<string> _seen = [];
    private readonly DirectoryInfo _identity;

    private ServerProcess(Process process, DirectoryInfo identity)
    {
        (_process, _identity) = (process, identity);
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>The server's program, as the build left it beside these tests.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "Inference.Server.dll");

    public int Id => _process.Id;

    /// <summary>Starts it with nothing of this machine's settings but those given.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">OLLAMA_* and INFERENCE_* variables.</param>
    /// <param name="program">Another copy of it.</param>
    public static ServerProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? program = null)
    {
        var start = new ProcessStartInfo("dotnet", [program ?? Program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var inherited in start.Environment.Keys.Where(static k => k.StartsWith("OLLAMA_", StringComparison.Ordinal) || k.StartsWith("INFERENCE_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        var identity = Directory.CreateTempSubdirectory("inference-identity-");
        start.Environment["INFERENCE_IDENTITY"] = identity.FullName; // nobody's home is touched
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ServerProcess(Process.Start(start)!, identity);
    }

    /// <summary>Reads its standard output up to the first line that fits.</summary>
    /// <exception cref="InvalidOperationException">It ended without such a line; the message holds all that it said.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> fits, CancellationToken ct)
    {
        await foreach (var line in _output.Reader.ReadAllAsync(ct))
        {
            _seen.Add(line);
            if (fits(line))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"the server ended first:\n{string.Join('\n', _seen)}\n{await _errors}");
    }

    /// <summary>Where it listens, from its own words.</summary>
    public async Task<Uri> AddressAsync(CancellationToken ct)
    {
        var line = await WaitForLineAsync(static l => l.StartsWith("listening on http", StringComparison.Ordinal), ct);
        return new Uri(line["listening on ".Length..].Split(' ')[0]);
    }

    public async Task TerminateAsync(CancellationToken ct)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync(ct);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProcessEnd> EndAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        await _reading;
        await foreach (var line in _output.Reader.ReadAllAsync(ct))
        {
            _seen.Add(line);
        }

        return new ProcessEnd(_process.ExitCode, string.Join('\n', _seen), await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _identity.Delete(recursive: true);
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Writer.TryWrite(line);
        }

        _output.Writer.Complete();
    }
}

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Errors">All of its standard error.</param>
public sealed record ProcessEnd(int ExitCode, string Output, string Errors);
