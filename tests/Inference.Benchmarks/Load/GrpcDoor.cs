using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Inference.V1;

namespace Inference.Benchmarks.Load;

/// <summary>gRPC, all streams on one connection.</summary>
internal sealed class GrpcDoor(Uri address, int processId) : ServerDoor(processId)
{
    // Bytes in, bytes out: the client's own parsing is not what is measured.
    private static readonly Method<byte[], byte[]> Generate = new(
        MethodType.ServerStreaming, "inference.v1.InferenceService", "Generate", Marshallers.Create(static b => b, static b => b), Marshallers.Create(static b => b, static b => b));

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(address);

    public override string Name => "gRPC";

    public override ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<TimeSpan> StreamAsync(int stream, int tokens)
    {
        var request = new GenerateRequest
        {
            Model = EndlessModel.Name,
            Prompt = Ask.Prompt(stream),
            Raw = true,
            Options = new SamplingOptions { Temperature = Ask.Temperature, TopK = Ask.TopK, TopP = Ask.TopP, RepeatPenalty = 1, Seed = stream, NumPredict = tokens },
        }.ToByteArray();
        var started = Stopwatch.GetTimestamp();
        using var call = _channel.CreateCallInvoker().AsyncServerStreamingCall(Generate, host: null, new CallOptions(), request);
        TimeSpan? first = null;
        var last = Array.Empty<byte>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            first ??= Stopwatch.GetElapsedTime(started);
            last = call.ResponseStream.Current;
        }

        var made = GenerateResponse.Parser.ParseFrom(last).Finish?.Usage?.CompletionTokens;
        return made == tokens ? first!.Value : throw new InvalidOperationException($"{Name}: {made} tokens, not {tokens}");
    }
}
