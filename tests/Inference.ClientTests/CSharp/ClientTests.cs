using System.Reflection;
using Grpc.Core;
using Inference.Client;
using Inference.TestKit;
using Inference.V1;

namespace Inference.ClientTests.CSharp;

/// <summary>The C# client against the real server.</summary>
public sealed class ClientTests(ClientServer server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private InferenceClient Client => new(server.Host.Channel);

    [Fact]
    public async Task Chat_StreamsAnAnswer()
    {
        var messages = await Client.ChatAsync(Question("Why is the sky blue?")).ToListAsync(Ct);

        Assert.Equal((ChatResponse.EventOneofCase.Start, ChatResponse.EventOneofCase.Finish), (messages[0].EventCase, messages[^1].EventCase));
        Assert.Contains("scatter", string.Concat(messages.Select(static m => m.Text)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Generate_LeftInItsMiddle_EndsOnTheServer()
    {
        await foreach (var message in Client.GenerateAsync(await EndlessAsync()))
        {
            if (message.EventCase is GenerateResponse.EventOneofCase.Text)
            {
                break;
            }
        }

        while ((await Client.Server.GetServerInfoAsync(new GetServerInfoRequest(), cancellationToken: Ct)).Load.ActiveRequests > 0)
        {
        }
    }

    [Fact]
    public async Task Embed_GivesAVectorForEachInput()
    {
        var messages = await Client.EmbedAsync(new EmbedRequest { Model = SmallStore.EmbeddingModel, Inputs = { "one", "two" } }).ToListAsync(Ct);
        Assert.Equal([0, 1], messages.Where(static m => m.Embedding is not null).Select(static m => m.Embedding.Index));
    }

    [Fact]
    public async Task Cancelling_IsItsOwnFamily()
    {
        using var cancel = new CancellationTokenSource();
        var thrown = await Assert.ThrowsAsync<CancelledException>(async () =>
        {
            await foreach (var message in Client.GenerateAsync(await EndlessAsync(), new CallOptions(cancellationToken: cancel.Token)))
            {
                await cancel.CancelAsync();
            }
        });
        Assert.Equal(StatusCode.Cancelled, thrown.StatusCode);
        Assert.Null(thrown.RetryDelay);
    }

    [Fact]
    public async Task Deadline_IsItsOwnFamily()
    {
        var request = await EndlessAsync();
        await Assert.ThrowsAsync<DeadlineExceededException>(() => Client.GenerateAsync(request, new CallOptions(deadline: DateTime.UtcNow.AddMilliseconds(500))).ToListAsync(Ct).AsTask());
    }

    [Fact]
    public async Task Unary_Blocking_IsTypedToo()
    {
        var thrown = Assert.Throws<NotFoundException>(() => Client.Models.GetModel(new GetModelRequest { Model = "absent" }, cancellationToken: Ct));
        Assert.Equal(("MODEL_NOT_FOUND", ErrorReason.ModelNotFound, "absent"), (thrown.Reason, thrown.Details.KnownReason, thrown.Resource?.ResourceName));
        await Assert.ThrowsAsync<NotFoundException>(async () => await Client.Models.GetModelAsync(new GetModelRequest { Model = "absent" }, cancellationToken: Ct));
    }

    [Fact]
    public async Task NoServer_IsUnavailable_AndNotToBeRetried()
    {
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress("http://127.0.0.1:1");
        var thrown = await Assert.ThrowsAsync<UnavailableException>(() => new InferenceClient(channel).ChatAsync(Question("a")).ToListAsync(Ct).AsTask());
        Assert.Equal(("", null, null), (thrown.Reason, thrown.RetryDelay, thrown.RequestId));
    }

    [Theory]
    [InlineData(SmallStore.Model, 0, "")]
    [InlineData("absent", 1, "absent is not there")]
    public async Task Example_Runs(string model, int exitCode, string complaint)
    {
        var program = typeof(ClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Example").Value!;
        var end = await Command.RunAsync("dotnet", [program, server.Host.Address.ToString(), model], Path.GetDirectoryName(program)!);
        Assert.True(exitCode == end.ExitCode, end.Everything);
        Assert.Equal(exitCode == 0, end.Output.Length > 0);
        Assert.StartsWith(complaint, end.Errors, StringComparison.Ordinal);
    }

    private static ChatRequest Question(string text) => new()
    {
        Model = SmallStore.Model,
        Messages = { new ChatMessage { Role = Role.User, Content = { new ContentPart { Text = text } } } },
        Options = new SamplingOptions { Temperature = 0 },
        Thinking = new Thinking { Enabled = false },
    };

    // It may not say that it is done.
    private async Task<GenerateRequest> EndlessAsync()
    {
        var ends = await Client.Inference.TokenizeAsync(new TokenizeRequest { Model = SmallStore.Model, Text = "<|im_end|><|endoftext|>", ParseSpecial = true }, cancellationToken: Ct);
        return new()
        {
            Model = SmallStore.Model,
            Prompt = "Tell me a story about a dragon.",
            Shift = true,
            Options = new SamplingOptions { Temperature = 1, NumPredict = -1, Stop = new StopSequences(), LogitBias = { ends.Tokens.ToDictionary(static t => t, static _ => -100f) } },
        };
    }
}
