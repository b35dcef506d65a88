using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Inference.V1;

namespace Inference.Client;

/// <summary>The services of one server. Whatever fails, fails as an <see cref="InferenceException"/>.</summary>
public sealed class InferenceClient
{
    /// <param name="channel">For example <c>GrpcChannel.ForAddress("http://127.0.0.1:11434")</c>; it stays the caller's to dispose.</param>
    public InferenceClient(ChannelBase channel)
    {
        var invoker = channel.Intercept(new TypedErrors());
        Inference = new InferenceService.InferenceServiceClient(invoker);
        Models = new ModelService.ModelServiceClient(invoker);
        Server = new ServerService.ServerServiceClient(invoker);
    }

    /// <summary>The generated stub: for the calls without a stream, such as Tokenize.</summary>
    public InferenceService.InferenceServiceClient Inference { get; }

    /// <summary>The generated stub of the store's calls.</summary>
    public ModelService.ModelServiceClient Models { get; }

    /// <summary>The generated stub that describes the server.</summary>
    public ServerService.ServerServiceClient Server { get; }

    /// <summary>Continues a prompt. To stop reading ends the call.</summary>
    public IAsyncEnumerable<GenerateResponse> GenerateAsync(GenerateRequest request, CallOptions options = default) =>
        ReadAsync(o => Inference.Generate(request, o), options);

    /// <summary>Answers a conversation. To stop reading ends the call.</summary>
    public IAsyncEnumerable<ChatResponse> ChatAsync(ChatRequest request, CallOptions options = default) =>
        ReadAsync(o => Inference.Chat(request, o), options);

    /// <summary>Turns texts into vectors. To stop reading ends the call.</summary>
    public IAsyncEnumerable<EmbedResponse> EmbedAsync(EmbedRequest request, CallOptions options = default) =>
        ReadAsync(o => Inference.Embed(request, o), options);

    private static async IAsyncEnumerable<T> ReadAsync<T>(
        Func<CallOptions, AsyncServerStreamingCall<T>> start, CallOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, cancellationToken);
        using var call = start(options.WithCancellationToken(either.Token));
        while (await call.ResponseStream.MoveNext(either.Token).ConfigureAwait(false))
        {
            yield return call.ResponseStream.Current;
        }
    }
}
