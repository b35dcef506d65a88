using System.Net.Http;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Inference.TestKit;
using Inference.V1;

namespace Inference.IntegrationTests.Answers;

/// <summary>The same question through each door, at temperature 0.</summary>
internal static class Calls
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default);

    public static Task<string> AskAsync(this ServerHost host, Door door, string question, CancellationToken ct) => door switch
    {
        Door.Grpc => ChatAsync(host.Inference, question, ct),
        Door.GrpcWeb => host.ChatOverGrpcWebAsync(question, ct),
        Door.Rest => host.ChatOverRestAsync(question, ct),
        Door.Ollama => host.ChatOverOllamaAsync(question, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(door), door, message: null),
    };

    public static ChatRequest Question(string question) => new()
    {
        Model = ServerHost.Model,
        Messages = { new ChatMessage { Role = Role.User, Content = { new ContentPart { Text = question } } } },
        Options = new SamplingOptions { Temperature = 0 },
        Thinking = new Thinking { Enabled = false },
    };

    /// <summary>A generation that ends when it is cancelled, and not before: no end-of-text, no length.</summary>
    public static async Task<GenerateRequest> EndlessAsync(this ServerHost host, CancellationToken ct)
    {
        var ends = await host.Inference.TokenizeAsync(new() { Model = ServerHost.Model, Text = "<|im_end|><|endoftext|>", ParseSpecial = true }, cancellationToken: ct);
        var request = new GenerateRequest
        {
            Model = ServerHost.Model,
            Prompt = "Once upon a time",
            Raw = true,
            Shift = true,
            Options = new SamplingOptions { Temperature = 1.5f, NumPredict = -1, Seed = 1, Stop = new StopSequences() },
        };
        foreach (var end in ends.Tokens)
        {
            request.Options.LogitBias[end] = -100;
        }

        return request;
    }

    public static StringContent ToJson(this IMessage message) => new(Json.Format(message), Encoding.UTF8, "application/json");

    /// <summary>Asks for the load until it is as wanted: the only way to see from outside that a slot is free.</summary>
    public static async Task LoadAsync(this ServerHost host, int active, int queued, CancellationToken ct)
    {
        ServerLoad load;
        do
        {
            load = (await host.Server.GetServerInfoAsync(new(), cancellationToken: ct)).Load;
        }
        while ((load.ActiveRequests, load.QueuedRequests) != (active, queued));
    }

    private static async Task<string> ChatAsync(InferenceService.InferenceServiceClient client, string question, CancellationToken ct)
    {
        using var call = client.Chat(Question(question), cancellationToken: ct);
        var text = new StringBuilder();
        await foreach (var message in call.ResponseStream.ReadAllAsync(ct))
        {
            text.Append(message.Text);
        }

        return text.ToString();
    }

    private static async Task<string> ChatOverGrpcWebAsync(this ServerHost host, string question, CancellationToken ct)
    {
        using var handler = new GrpcWebHandler(GrpcWebMode.GrpcWebText, new HttpClientHandler());
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { HttpHandler = handler, HttpVersion = new Version(1, 1) });
        return await ChatAsync(new InferenceService.InferenceServiceClient(channel), question, ct);
    }

    private static async Task<string> ChatOverRestAsync(this ServerHost host, string question, CancellationToken ct)
    {
        using var content = Question(question).ToJson();
        using var response = await host.Http.PostAsync("/inference/v1/chat", content, ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(ct));
        return string.Concat(Lines(await response.Content.ReadAsStringAsync(ct)).Select(static line => (string?)line["text"]));
    }

    private static async Task<string> ChatOverOllamaAsync(this ServerHost host, string question, CancellationToken ct)
    {
        using var response = await host.Http.PostAsJsonAsync("/api/chat", new
        {
            model = ServerHost.Model,
            messages = new[] { new { role = "user", content = question } },
            think = false,
            options = new { temperature = 0 },
        }, ct);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(ct));
        return string.Concat(Lines(await response.Content.ReadAsStringAsync(ct)).Select(static line => (string?)line["message"]!["content"]));
    }

    private static IEnumerable<JsonNode> Lines(string body) => body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!);
}

/// <summary>The ways in.</summary>
public enum Door
{
    Grpc,
    GrpcWeb,
    Rest,
    Ollama,
}
