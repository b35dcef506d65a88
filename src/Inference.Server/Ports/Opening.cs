using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Inference.Server.Ports;

/// <summary>What a client's first bytes say it speaks.</summary>
internal enum Opening
{
    /// <summary>It is gone, or said nothing in time.</summary>
    None,
    Http1,

    /// <summary>HTTP/2 with prior knowledge.</summary>
    Http2,
    Tls,
}

/// <summary>Looks at the first bytes of a connection and leaves every one of them in the pipe.</summary>
internal static class OpeningReader
{
    // Long enough that no HTTP/1.1 request line can begin with it: methods are case-sensitive and PRI is reserved for this.
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    private const byte TlsHandshake = 0x16;

    public static async ValueTask<Opening> ReadAsync(ConnectionContext connection, bool tls, KestrelServerLimits limits)
    {
        var input = connection.Transport.Input;
        var began = input.TryRead(out var ready);
        if (began && Decide(input, ready, tls) is { } immediate)
        {
            return immediate;
        }

        // The same two limits that Kestrel sets for HTTP/1.1: how long a connection may be silent, how long a head may take.
        using var patience = new CancellationTokenSource(Bounded(began ? limits.RequestHeadersTimeout : limits.KeepAliveTimeout));
        var draining = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var drain = draining.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), patience);
        try
        {
            while (true)
            {
                if (Decide(input, await input.ReadAsync(patience.Token), tls) is { } opening)
                {
                    return opening;
                }

                if (!began)
                {
                    began = true;
                    patience.CancelAfter(Bounded(limits.RequestHeadersTimeout));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionResetException or ConnectionAbortedException)
        {
            return Opening.None;
        }
    }

    /// <summary>Null while the bytes seen so far fit more than one protocol.</summary>
    private static Opening? Decide(PipeReader input, ReadResult read, bool tls)
    {
        var bytes = read.Buffer;
        var seen = bytes.Length;
        Span<byte> head = stackalloc byte[Preface.Length];
        head = head[..(int)Math.Min(seen, Preface.Length)];
        System.Buffers.BuffersExtensions.CopyTo(bytes.Slice(0, head.Length), head);

        Opening? opening =
            read.IsCanceled || (seen == 0 && read.IsCompleted) ? Opening.None
            : seen == 0 ? null
            : tls && head[0] == TlsHandshake ? Opening.Tls
            : !Preface.StartsWith(head) ? Opening.Http1
            : head.Length == Preface.Length ? Opening.Http2
            : read.IsCompleted ? Opening.Http1
            : null;
        input.AdvanceTo(bytes.Start, opening is null ? bytes.End : bytes.Start);
        return opening;
    }

    private static TimeSpan Bounded(TimeSpan limit) => limit.TotalMilliseconds > int.MaxValue ? Timeout.InfiniteTimeSpan : limit;
}
