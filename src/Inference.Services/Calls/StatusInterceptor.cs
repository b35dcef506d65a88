using System.Globalization;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Inference.Errors;
using Inference.Services.Transcoding;
using Microsoft.AspNetCore.Http;

namespace Inference.Services.Calls;

/// <summary>
/// The one place where an exception becomes a status, for gRPC and for transcoded calls alike: a transcoded call runs through the
/// same interceptors, and JSON transcoding renders the status details of the RpcException as its error body.
/// </summary>
internal sealed class StatusInterceptor(Failures failures, Telemetry telemetry, TimeProvider time) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, request as IMessage, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, request: null, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, request as IMessage, () => NothingAsync(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, request: null, () => NothingAsync(continuation(requestStream, responseStream, context)));

    private async Task<T> GuardAsync<T>(ServerCallContext context, IMessage? request, Func<Task<T>> call)
    {
        var http = context.GetHttpContext();
        EarlyFailures.Over(http);
        try
        {
            http.NoteDeadline();
            if (request is not null)
            {
                UnboundNames.Report(http, request, telemetry);
            }

            return await call();
        }
        catch (Exception e)
        {
            throw Translate(e, context);
        }
    }

    private static async Task<bool> NothingAsync(Task call)
    {
        await call;
        return true;
    }

    private RpcException Translate(Exception thrown, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var passed = http.GetCall().Deadline <= time.GetUtcNow();
        var error = failures.Translate(thrown, http.TraceIdentifier, context.Method, context.CancellationToken.IsCancellationRequested, passed);
        if (!http.Response.HasStarted)
        {
            http.Response.Headers.Remove(WarningHeader.Name); // there is no answer to be less than what was asked for
        }

        if (!http.Response.HasStarted && !http.IsGrpc())
        {
            SetStatus(http, error.Kind.Rest);
        }

#pragma warning disable RS0030 // the one place
        var exception = error.ToStatus().Fitted().ToRpcException();
#pragma warning restore RS0030
        if (error.RetryAfter is { } wait)
        {
            if (http.IsGrpc())
            {
                exception.Trailers.Add("grpc-retry-pushback-ms", ((long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
            }
            else if (!http.Response.HasStarted)
            {
                http.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }
        }

        return exception;
    }

    // The transcoder's own table has another status for what was cancelled; it sets one after this.
    private static void SetStatus(HttpContext http, int status) => http.Response.OnStarting(() =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    });
}
