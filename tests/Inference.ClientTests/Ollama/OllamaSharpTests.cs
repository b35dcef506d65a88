using System.Net;
using Inference.TestKit;
using OllamaSharp;
using OllamaSharp.Models;
using OllamaSharp.Models.Chat;

namespace Inference.ClientTests.Ollama;

/// <summary>OllamaSharp, the client of most .NET programs that talk with Ollama.</summary>
public sealed class OllamaSharpTests(ClientServer server) : IDisposable
{
    private static readonly RequestOptions Greedy = new() { Temperature = 0 };

    private readonly OllamaApiClient _client = new(server.Host.Address, SmallStore.Model);

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Generate_Answers(bool stream)
    {
        var parts = await _client.GenerateAsync(new GenerateRequest { Model = SmallStore.Model, Prompt = "What is the capital of France?", Stream = stream, Options = Greedy }).ToListAsync();
        Assert.Equal(stream, parts.Count > 2);
        Assert.Contains("Paris", string.Concat(parts.Select(p => p!.Response)));
        var done = Assert.IsType<GenerateDoneResponseStream>(parts[^1]);
        Assert.True(done is { Done: true, DoneReason: "stop", EvalCount: > 0, PromptEvalCount: > 0, TotalDuration: > 0 });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_Answers(bool stream)
    {
        var request = new ChatRequest { Model = SmallStore.Model, Stream = stream, Options = Greedy, Messages = [new Message(ChatRole.User, "Why is the sky blue?")] };
        var parts = await _client.ChatAsync(request).ToListAsync();
        Assert.Equal(stream, parts.Count > 2);
        Assert.Contains("scatter", string.Concat(parts.Select(p => p!.Message.Content)), StringComparison.OrdinalIgnoreCase);
        Assert.True(Assert.IsType<ChatDoneResponseStream>(parts[^1]) is { Done: true, DoneReason: "stop", EvalCount: > 0 });
    }

    [Fact]
    public async Task Conversation_IsRemembered()
    {
        var chat = new Chat(_client) { Options = Greedy };
        await chat.SendAsync("My name is Anna.").ToListAsync();
        Assert.Contains("Anna", string.Concat(await chat.SendAsync("What is my name?").ToListAsync()));
    }

    [Fact]
    public async Task Thinking_ComesApart()
    {
        var request = new ChatRequest { Model = SmallStore.Model, Think = true, Options = Greedy, Messages = [new Message(ChatRole.User, "Why is the sky blue?")] };
        var parts = await _client.ChatAsync(request).ToListAsync();
        Assert.Contains(parts, p => p!.Message.Thinking is { Length: > 0 });
        Assert.DoesNotContain("think>", string.Concat(parts.Select(p => p!.Message.Content)));
    }

    [Fact]
    public async Task Tool_IsCalled()
    {
        var tool = new Tool { Type = "function", Function = new Function { Name = "get_weather", Description = "Get the weather", Parameters = new Parameters { Type = "object", Properties = new() { ["city"] = new Property { Type = "string", Description = "The city" } }, Required = ["city"] } } };
        var request = new ChatRequest { Model = SmallStore.Model, Options = Greedy, Tools = [tool], Messages = [new Message(ChatRole.User, "What is the weather in Paris?")] };
        var call = (await _client.ChatAsync(request).ToListAsync()).SelectMany(p => p!.Message.ToolCalls ?? []).Single();
        Assert.Equal("get_weather", call.Function!.Name);
        Assert.Equal("Paris", call.Function.Arguments!["city"]!.ToString());
    }

    [Fact]
    public async Task Embed_GivesVectors()
    {
        var answer = await _client.EmbedAsync(new EmbedRequest { Model = SmallStore.EmbeddingModel, Input = ["one", "two"] });
        Assert.Equal(2, answer.Embeddings.Count);
        Assert.All(answer.Embeddings, v => Assert.Equal(SmallStore.EmbeddingLength, v.Length));
        Assert.Equal(1, answer.Embeddings[0].Sum(v => (double)v * v), 3);
    }

    [Fact]
    public async Task Listings_ShowTheModels()
    {
        var listed = (await _client.ListLocalModelsAsync()).ToList();
        Assert.Contains(listed, m => m.Name == $"{SmallStore.EmbeddingModel}:latest");
        Assert.True(listed.Single(m => m.Name == $"{SmallStore.Model}:latest") is { Size: > 1_000_000, Details.Family: "llama" });

        var shown = await _client.ShowModelAsync(new ShowModelRequest { Model = SmallStore.Model });
        Assert.Equal("llama", shown.Info.Architecture);
        Assert.Contains("completion", shown.Capabilities!);

        await _client.GenerateAsync(new GenerateRequest { Model = SmallStore.Model, Prompt = "Hello!", KeepAlive = "10m" }).ToListAsync();
        Assert.Contains(await _client.ListRunningModelsAsync(), m => m.Name == $"{SmallStore.Model}:latest" && m.ExpiresAt > DateTime.Now);

        Assert.True(await _client.IsRunningAsync());
        Assert.NotNull(await _client.GetVersionAsync());
    }

    // It reads the text of a failure under 400 only; of all others a program sees the status.
    [Fact]
    public async Task Failure_NotFound_CarriesTheStatus()
    {
        var error = await Assert.ThrowsAsync<HttpRequestException>(async () => await _client.GenerateAsync(new GenerateRequest { Model = "absent", Prompt = "a" }).ToListAsync());
        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Failure_BadRequest_CarriesTheText()
    {
        var error = await Assert.ThrowsAsync<OllamaSharp.Models.Exceptions.OllamaException>(
            async () => await _client.ChatAsync(new ChatRequest { Model = SmallStore.EmbeddingModel, Messages = [new Message(ChatRole.User, "a")] }).ToListAsync());
        Assert.Equal($"\"{SmallStore.EmbeddingModel}\" does not support chat", error.Message);
    }

    [Fact]
    public async Task Cancelling_EndsTheStream_AndTheServerGoesOn()
    {
        using var cancellation = new CancellationTokenSource();
        var request = new GenerateRequest { Model = SmallStore.Model, Prompt = "Tell me a story about a dragon.", Options = new() { Temperature = 1, NumPredict = 2000 } };
        try
        {
            await foreach (var part in _client.GenerateAsync(request, cancellation.Token))
            {
                Assert.IsNotType<GenerateDoneResponseStream>(part);
                await cancellation.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Or it ends without a word: it looks at the token between two lines, too.
        }

        await Generate_Answers(stream: false);
    }
}
