using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Inference.TestKit;

namespace Inference.IntegrationTests.Answers;

/// <summary>One runtime behind every door: the same call, the same answer.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private readonly SmallStore _store = new();
    private ServerHost _host = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ServerHost.StartAsync(new() { Store = _store.Root });

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _store.Dispose();
    }

    [Theory]
    [InlineData(Door.Grpc)]
    [InlineData(Door.GrpcWeb)]
    [InlineData(Door.Rest)]
    [InlineData(Door.Ollama)]
    public async Task Chat_EachDoor_Answers(Door door) =>
        Assert.Equal("The capital of Japan is Tokyo.", await _host.AskAsync(door, "What is the capital of Japan?", Ct));

    [Fact]
    public async Task Generate_EachDoor_GivesTheSameText()
    {
        using var call = _host.Inference.Generate(new() { Model = SmallStore.Model, Prompt = "List three fruits", Options = new() { Temperature = 0 }, Thinking = new() { Enabled = false } }, cancellationToken: Ct);
        var grpc = string.Concat((await call.ResponseStream.ReadAllAsync(Ct).ToListAsync(Ct)).Select(static m => m.Text));
        using var response = await _host.Http.PostAsJsonAsync("/api/generate", new { model = SmallStore.Model, prompt = "List three fruits", stream = false, think = false, options = new { temperature = 0 } }, Ct);
        Assert.Equal(grpc, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!["response"]);
        Assert.Equal("1. Apple\n2. Banana\n3. Cherry", grpc);
    }

    [Fact]
    public async Task Embed_EachDoor_GivesTheSameVectors()
    {
        string[] inputs = ["red", "green and blue"];
        using var call = _host.Inference.Embed(new() { Model = SmallStore.EmbeddingModel, Inputs = { inputs } }, cancellationToken: Ct);
        var grpc = (await call.ResponseStream.ReadAllAsync(Ct).ToListAsync(Ct)).Where(static m => m.Embedding is not null).Select(static m => m.Embedding.Values.ToArray()).ToArray();
        using var response = await _host.Http.PostAsJsonAsync("/api/embed", new { model = SmallStore.EmbeddingModel, input = inputs }, Ct);
        var ollama = JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!["embeddings"]!.AsArray().Select(static v => v!.AsArray().Select(static x => (float)x!).ToArray()).ToArray();
        Assert.Equal(SmallStore.EmbeddingLength, grpc[1].Length);
        Assert.Equal(grpc, ollama);
    }
}
