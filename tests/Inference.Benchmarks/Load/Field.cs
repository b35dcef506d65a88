using System.Diagnostics;
using System.Text.Json;
using Inference.TestKit;

namespace Inference.Benchmarks.Load;

/// <summary>Server and bare engine, started with the same settings, each in its process.</summary>
internal sealed class Field : IAsyncDisposable
{
    // The clock of a process ticks every 10 ms: a shot takes a good many of them.
    private const int LeastTokens = 2000;

    private readonly ServerProcess _server;

    private Field(ServerProcess server, IReadOnlyList<IDoor> doors) => (_server, Doors) = (server, doors);

    /// <summary>The bare engine first.</summary>
    public IReadOnlyList<IDoor> Doors { get; }

    public static async Task<Field> StartAsync(EndlessModel model, int parallel)
    {
        var bare = await BareDoor.StartAsync(model.Path, parallel);
        var server = ServerProcess.Start(["--host", "127.0.0.1:0", "--models", model.Root, "--parallel", $"{parallel}", "--cpu-variant", "avx2", "--keep-alive", "-1"]);
        var address = await server.AddressAsync(CancellationToken.None);
        return new Field(server,
        [
            bare,
            new GrpcDoor(address, server.Id),
            new HttpDoor("REST", new Uri(address, "/inference/v1/generate"), RestBody, "\"completionTokens\":", server.Id),
            new HttpDoor("Ollama", new Uri(address, "/api/generate"), OllamaBody, "\"eval_count\":", server.Id),
        ]);
    }

    /// <summary>One round: each door once, beginning with another one each time.</summary>
    public async Task<Dictionary<string, Shot>> RunAsync(int streams, int tokens, int firstDoor = 0)
    {
        var shots = new Dictionary<string, Shot>(StringComparer.Ordinal);
        for (var i = 0; i < Doors.Count; i++)
        {
            var door = Doors[(i + firstDoor) % Doors.Count];
            using var process = Process.GetProcessById(door.ProcessId);
            var before = process.TotalProcessorTime;
            var repeats = Math.Max(1, LeastTokens / (streams * tokens));
            var (elapsed, first) = (TimeSpan.Zero, new List<TimeSpan>());
            for (var j = 0; j < repeats; j++)
            {
                var run = await door.RunAsync(streams, tokens);
                elapsed += run.Elapsed;
                first.AddRange(run.FirstTokens);
            }

            process.Refresh();
            shots[door.Name] = new Shot(repeats * streams * tokens, elapsed, Median.Of(first), process.TotalProcessorTime - before);
        }

        return shots;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var door in Doors)
        {
            await door.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    private static string RestBody(int stream, int tokens) => JsonSerializer.Serialize(new
    {
        model = EndlessModel.Name,
        prompt = Ask.Prompt(stream),
        raw = true,
        options = new { temperature = Ask.Temperature, topK = Ask.TopK, topP = Ask.TopP, repeatPenalty = 1, seed = stream, numPredict = tokens },
    });

    internal static string OllamaBody(int stream, int tokens) => JsonSerializer.Serialize(new
    {
        model = EndlessModel.Name,
        prompt = Ask.Prompt(stream),
        raw = true,
        options = new { temperature = Ask.Temperature, top_k = Ask.TopK, top_p = Ask.TopP, repeat_penalty = 1, seed = stream, num_predict = tokens },
    });
}
