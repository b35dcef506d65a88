using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Inference.Services;
using Inference.TestKit;
using Microsoft.Extensions.Logging;

namespace Inference.FuzzTests.Facade;

/// <summary>The real server over models that can do and lack different things, all of them reciting. It notices what it should never see.</summary>
public sealed class ScriptedFacade : IAsyncLifetime
{
    private const string Plain = "{{ .System }}{{ .Prompt }}{{ .Response }}";
    private const string Thinking = "{{ range .Messages }}{{ .Role }}: {{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}{{ range .ToolCalls }}<tool_call>{{ .Function.Name }}{{ .Function.Arguments }}</tool_call>{{ end }}{{ end }}{{ .Tools }}{{ if .Think }}<think>{{ end }}";

    private readonly ScriptedStore _store = new();
    private readonly MeterListener _meters = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentQueue<Exception> _unobserved = new();

    public ServerHost Host { get; private set; } = null!;

    public ScriptedEngine Engine { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _store.Add("m", new ScriptedModel { Template = Plain });
        _store.Add("think", new ScriptedModel { Template = Thinking });
        _store.Add("e", new ScriptedModel { Metadata = new Dictionary<string, object> { ["llama.pooling_type"] = 1u } });
        _store.Add("noweights", new ScriptedModel { HasWeights = false });
        _store.Add("badparams", new ScriptedModel { Template = Plain, Parameters = "{oops" });
        _store.Add("badtemplate", new ScriptedModel { Template = "{{ if }}" });
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: Telemetry.MeterName, Name: "inference.failures" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, _, tags, _) => _failures.Enqueue((string)tags[0].Value!));
        _meters.Start();
        TaskScheduler.UnobservedTaskException += Unobserved;
        Host = await ServerHost.StartAsync(new ServerHostOptions
        {
            Store = _store.Root,
            Environment = new Dictionary<string, string> { ["OLLAMA_NO_CLOUD"] = "1" },
            Configure = builder => ScriptedInference.AddScripted(builder.Services, Engine, _store),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _meters.Dispose();
        _store.Dispose();
        TaskScheduler.UnobservedTaskException -= Unobserved;
    }

    /// <summary>Sends a request.</summary>
    /// <returns>The answer, and the reasons that were counted for it.</returns>
    internal async Task<(Answer Answer, IReadOnlyList<string> Failures)> SendAsync(FuzzRequest request, CancellationToken ct)
    {
        _failures.Clear();
        using var message = request.ToHttp();
        using var response = await Host.Http.SendAsync(message, ct);
        return (await Answer.OfAsync(response, ct), [.. _failures]);
    }

    /// <summary>Nothing is left of all that was asked: no sequence, no exception that nobody saw, no line of a fault of ours.</summary>
    internal void IsClean()
    {
        // A task that nobody looked at tells so when it is collected.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Empty(_unobserved);
        Assert.Equal(0, Engine.Active);
        Assert.DoesNotContain(Host.Log.Lines, static line => line.Level >= LogLevel.Error);
    }

    private void Unobserved(object? sender, UnobservedTaskExceptionEventArgs e) => _unobserved.Enqueue(e.Exception);
}
