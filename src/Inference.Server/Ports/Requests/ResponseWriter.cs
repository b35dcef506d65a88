using System.Buffers;
using System.IO.Pipelines;

namespace Inference.Server.Ports.Requests;

/// <summary>
/// Stands where Kestrel writes a connection of HTTP/1.x. Everything passes as it is, but for the head of an answer to HTTP/1.0: net/http
/// names that version there, and does not say that the connection ends, which it does.
/// </summary>
internal sealed class ResponseWriter(PipeWriter output, IncomingRequest incoming) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _head = new();

    /// <summary>The next answer is to HTTP/1.0.</summary>
    public bool HoldsHead { get; set; }

    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => output.UnflushedBytes + _head.WrittenCount;

    public override Memory<byte> GetMemory(int sizeHint = 0) => HoldsHead ? _head.GetMemory(sizeHint) : output.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => HoldsHead ? _head.GetSpan(sizeHint) : output.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (HoldsHead)
        {
            _head.Advance(bytes);
        }
        else
        {
            output.Advance(bytes);
        }
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Release(); // not before: Kestrel goes on in memory of which it has passed on a part
        var flushed = await output.FlushAsync(cancellationToken);
        if (flushed.IsCompleted)
        {
            incoming.Break();
        }

        return flushed;
    }

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => output.Complete(exception);

    private void Release()
    {
        var end = HoldsHead ? _head.WrittenSpan.IndexOf("\r\n\r\n"u8) : -1;
        if (end >= 0)
        {
            output.Write(HeadOfHttp10(_head.WrittenSpan[..(end + 2)]));
            output.Write(_head.WrittenSpan[(end + 2)..]);
            _head.ResetWrittenCount();
            HoldsHead = false;
        }
    }

    private static byte[] HeadOfHttp10(ReadOnlySpan<byte> head)
    {
        var lines = System.Text.Encoding.Latin1.GetString(head).Replace("HTTP/1.1 ", "HTTP/1.0 ", StringComparison.Ordinal);
        return System.Text.Encoding.Latin1.GetBytes(lines.Replace("\r\nConnection: close\r\n", "\r\n", StringComparison.Ordinal));
    }
}
