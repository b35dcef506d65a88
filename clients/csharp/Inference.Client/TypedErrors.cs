using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Inference.Client;

/// <summary>Makes every generated stub throw <see cref="InferenceException"/>: <c>new ModelService.ModelServiceClient(channel.Intercept(new TypedErrors()))</c>.</summary>
public sealed class TypedErrors : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        try
        {
            return continuation(request, context);
        }
        catch (RpcException e)
        {
            throw InferenceException.From(e);
        }
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            TypedAsync(call.ResponseAsync, call.ResponseHeadersAsync), TypedAsync(call.ResponseHeadersAsync, headers: null), call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(
            new TypedReader<TResponse>(call.ResponseStream, call.ResponseHeadersAsync), TypedAsync(call.ResponseHeadersAsync, headers: null), call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(context);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            call.RequestStream, TypedAsync(call.ResponseAsync, call.ResponseHeadersAsync), TypedAsync(call.ResponseHeadersAsync, headers: null), call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(context);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            call.RequestStream, new TypedReader<TResponse>(call.ResponseStream, call.ResponseHeadersAsync), TypedAsync(call.ResponseHeadersAsync, headers: null), call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private static async Task<T> TypedAsync<T>(Task<T> answer, Task<Metadata>? headers)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw InferenceException.From(e, Seen(headers));
        }
    }

    // When a call has failed its headers have come, or never will.
    private static Metadata? Seen(Task<Metadata>? headers) => headers is { IsCompletedSuccessfully: true } seen ? seen.Result : null;

    private sealed class TypedReader<T>(IAsyncStreamReader<T> stream, Task<Metadata> headers) : IAsyncStreamReader<T>
    {
        public T Current => stream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await stream.MoveNext(cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                throw InferenceException.From(e, Seen(headers));
            }
        }
    }
}
