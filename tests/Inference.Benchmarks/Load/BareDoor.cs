using System.Diagnostics;
using System.Globalization;

namespace Inference.Benchmarks.Load;

/// <summary>This program once more, as <see cref="BareEngine"/>.</summary>
internal sealed class BareDoor : IDoor
{
    private readonly Process _process;

    private BareDoor(Process process) => _process = process;

    public string Name => "engine";

    public int ProcessId => _process.Id;

    public static async Task<BareDoor> StartAsync(string model, int parallel)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BareDoor).Assembly.Location, "engine", model, "--parallel", $"{parallel}"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        var door = new BareDoor(Process.Start(start)!);
        return await door.ReadAsync() is "ready" ? door : throw new InvalidOperationException("the engine did not start");
    }

    public async Task<(TimeSpan Elapsed, TimeSpan[] FirstTokens)> RunAsync(int streams, int tokens)
    {
        await _process.StandardInput.WriteLineAsync($"{streams} {tokens}");
        await _process.StandardInput.FlushAsync();
        var times = (await ReadAsync()).Split(' ').Select(static t => TimeSpan.FromMicroseconds(long.Parse(t, CultureInfo.InvariantCulture))).ToArray();
        return (times[0], times[1..]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> ReadAsync() => await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the engine ended");
}
