using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Inference.Runtime;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>
/// Connections that were recorded byte for byte: what is sent on them, in which parts, what comes back, and whether they stay open.
/// </summary>
public sealed class RecordedConversationTests
{
    // Not compared: HTTP/2 is spoken here; a server that waits sends nothing to look at.
    private static readonly string[] Apart = ["http-h2c-preface", "http-content-length-short"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Answer_RecordedConnections()
    {
        await using var host = await OllamaHost.RecitingAsync(new ScriptedEngine(Hello()));
        MakeModel(host);
        var cases = 0;
        var known = KnownDifferences.Read();
        var unexpected = new List<string>();
        var agreed = new List<string>();
        foreach (var record in Recordings.Read("ollama/http").Where(static r => !Apart.Contains(r.GetProperty("id").GetString())))
        {
            cases++;
            var id = record.GetProperty("id").GetString()!;
            var difference = await DifferenceAsync(host, record);
            if (difference is not null && !known.Contains(id))
            {
                unexpected.Add($"{id}: {difference}");
            }
            else if (difference is null && known.Contains(id))
            {
                agreed.Add(id);
            }
        }

        Assert.True(unexpected.Count == 0, $"{unexpected.Count} of {cases} differ:\n{string.Join("\n\n", unexpected)}");
        Assert.True(agreed.Count == 0, $"listed as different, but not so: {string.Join(", ", agreed)}");
        Assert.Equal(31, cases);
    }

    private static async Task<string?> DifferenceAsync(OllamaHost host, JsonElement record)
    {
        string[] sent = [.. record.GetProperty("sent").EnumerateArray().Select(s => s.GetProperty("data").GetString()!.Replace("$PORT", $"{host.Address.Port}", StringComparison.Ordinal))];
        var methods = WireAnswer.Methods(string.Concat(sent));
        var expected = WireAnswer.Parse(record.GetProperty("received").GetString()!, methods, ended: true);
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address, patience.Token);
        var received = new StringBuilder();
        foreach (var part in sent)
        {
            // Who asks for leave to send a body waits for it.
            if (received.Length == 0 && part != sent[0] && expected[0].Status.Contains(" 100 ", StringComparison.Ordinal))
            {
                await ReceiveAsync(client, received, patience.Token);
            }

            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(part), patience.Token);
        }

        var ended = false;
        while (!ended && (expected[^1].IsLast || WireAnswer.Parse(received.ToString(), methods, ended).Count < expected.Count))
        {
            ended = !await ReceiveAsync(client, received, patience.Token);
        }

        var actual = WireAnswer.Parse(received.ToString(), methods, ended);
        var (have, want) = (string.Join("\n", actual.Select(static a => a.Steady())), string.Join("\n", expected.Select(static a => a.Steady())));
        return have != want ? $"\n{have}\n-- instead of\n{want}"
            : actual.Exists(static a => !a.Status.Contains(" 100 ", StringComparison.Ordinal) && a.Headers.Count(static h => h.StartsWith(WireAnswer.Id, StringComparison.OrdinalIgnoreCase)) != 1) ? "no id"
            : ended || await StaysOpenAsync(client, patience.Token) ? null
            : "the connection is closed";
    }

    private static async Task<bool> StaysOpenAsync(TcpClient client, CancellationToken ct)
    {
        await client.GetStream().WriteAsync("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), ct);
        return await ReceiveAsync(client, new StringBuilder(), ct);
    }

    private static async Task<bool> ReceiveAsync(TcpClient client, StringBuilder received, CancellationToken ct)
    {
        var buffer = new byte[8192];
        try
        {
            var n = await client.GetStream().ReadAsync(buffer, ct);
            received.Append(Encoding.Latin1.GetString(buffer, 0, n));
            return n > 0;
        }
        catch (IOException)
        {
            return false; // closed with bytes of ours unread
        }
    }

    private static Script Hello() => new()
    {
        Pieces = [new Piece("Hel", 1, null), new Piece("lo", 1, null)],
        Result = static result => result with
        {
            PromptTokens = 7,
            GeneratedTokens = 5,
            PromptTime = TimeSpan.FromMilliseconds(1.5),
            OutputTime = TimeSpan.FromMilliseconds(2.25),
        },
    };

    private static void MakeModel(OllamaHost host)
    {
        var setups = Recordings.Read("ollama/openai").Select(static r => r.GetProperty("setup")).DistinctBy(static s => s.GetProperty("model").GetString())
            .ToDictionary(static s => s.GetProperty("model").GetString()!);
        setups.TryAdd("nano", JsonSerializer.Deserialize<JsonElement>("""{"model":"nano","create":{"files":{"n.gguf":"sha256:a89a94c1b09543c650472b96c1038b78cd805714b786d33d7783feb41b6c3b71"}}}"""));
        new RecordedModels(host.StoreRoot).Make(setups["t-msg"], setups);
    }
}
