using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Inference.Client;
using Inference.TestKit.Provocations;
using Inference.V1;

namespace Inference.ClientTests.Errors;

/// <summary>Makes the calls of provocations in C#: bare, for what the server sends, and through the client's interceptor, for what it makes of that.</summary>
internal static class BareCalls
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static b => b, static b => b);

    private static readonly MethodDescriptor[] Methods =
        [.. new[] { InferenceReflection.Descriptor, ModelsReflection.Descriptor, ServerReflection.Descriptor }.SelectMany(static f => f.Services).SelectMany(static s => s.Methods)];

    /// <summary>What the server sends.</summary>
    public static async Task<CallEnd> ServerAsync(Provocation provocation, Uri address, CancellationToken ct)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var (messages, failure) = await RunAsync(channel.CreateCallInvoker(), provocation, ct);
        var sent = failure?.GetRpcStatus();
        // A call that the library itself ends has no answer to find the id in.
        return new CallEnd(messages, failure is null ? null : DecodedFailure.OfServer(sent, failure.StatusCode, failure.Status.Detail, sent is null ? null : provocation.RequestId));
    }

    /// <summary>What the C# client says.</summary>
    public static async Task<CallEnd> ClientAsync(Provocation provocation, Uri address, CancellationToken ct)
    {
        using var channel = GrpcChannel.ForAddress(address);
        var (messages, failure) = await RunAsync(channel.Intercept(new TypedErrors()), provocation, ct);
        return new CallEnd(messages, failure is null ? null : DecodedFailure.OfClient(Assert.IsAssignableFrom<Client.InferenceException>(failure)));
    }

    // On the wire a call with one answer is a stream of one.
    private static async Task<(int Messages, RpcException? Failure)> RunAsync(CallInvoker invoker, Provocation provocation, CancellationToken ct)
    {
        var messages = 0;
        try
        {
            var headers = new Metadata { { "x-request-id", provocation.RequestId } };
            foreach (var (name, value) in provocation.Headers)
            {
                headers.Add(name, value);
            }

            var path = provocation.Method.Split('/');
            var method = new Method<byte[], byte[]>(MethodType.ServerStreaming, $"inference.v1.{path[0]}", path[1], Bytes, Bytes);
            using var call = invoker.AsyncServerStreamingCall(method, null, new CallOptions(headers, DateTime.UtcNow.AddMilliseconds(provocation.TimeoutMs), ct), Message(path[1], provocation.Request));
            while (await call.ResponseStream.MoveNext(ct))
            {
                messages++;
            }

            return (messages, null);
        }
        catch (RpcException e)
        {
            return (messages, e);
        }
    }

    private static byte[] Message(string method, string json) =>
        Methods.FirstOrDefault(m => m.Name == method) is { } known ? JsonParser.Default.Parse(json, known.InputType).ToByteArray() : [];
}
