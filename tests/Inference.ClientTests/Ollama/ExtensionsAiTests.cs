using Inference.TestKit;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace Inference.ClientTests.Ollama;

/// <summary>The same client behind the interfaces of Microsoft.Extensions.AI, as frameworks use it.</summary>
public sealed class ExtensionsAiTests(ClientServer server)
{
    private static readonly ChatOptions Greedy = new() { Temperature = 0 };

    [Fact]
    public async Task ChatClient_Answers_InOnePieceAndStreamed()
    {
        using IChatClient client = new OllamaApiClient(server.Host.Address, SmallStore.Model);
        var whole = await client.GetResponseAsync("What is the capital of France?", Greedy);
        Assert.Contains("Paris", whole.Text);
        Assert.Equal(ChatFinishReason.Stop, whole.FinishReason);
        Assert.True(whole.Usage is { OutputTokenCount: > 0, InputTokenCount: > 0 });

        var parts = await client.GetStreamingResponseAsync("What is the capital of France?", Greedy).ToListAsync();
        Assert.Equal(whole.Text, string.Concat(parts.Select(p => p.Text)));
    }

    [Fact]
    public async Task EmbeddingGenerator_GivesVectors()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = new OllamaApiClient(server.Host.Address, SmallStore.EmbeddingModel);
        var vectors = await generator.GenerateAsync(["one", "two"]);
        Assert.Equal([SmallStore.EmbeddingLength, SmallStore.EmbeddingLength], vectors.Select(v => v.Vector.Length));
    }
}
