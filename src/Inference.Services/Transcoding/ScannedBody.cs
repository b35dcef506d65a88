using System.Text;

namespace Inference.Services.Transcoding;

/// <summary>A request's body that a scanner looks at as the transcoder reads it. Nothing is kept.</summary>
/// <param name="inner">The body.</param>
/// <param name="scanner">Looks at it.</param>
/// <param name="encoding">Of the body, where it is not UTF-8.</param>
internal sealed class ScannedBody(Stream inner, FieldScanner scanner, Encoding? encoding) : Stream
{
    private readonly Decoder? _decoder = encoding?.GetDecoder();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Scan(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Scan(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Scan(ReadOnlySpan<byte> bytes)
    {
        if (_decoder is null)
        {
            scanner.Feed(bytes);
            return;
        }

        var text = new char[_decoder.GetCharCount(bytes, flush: false)];
        _decoder.GetChars(bytes, text, flush: false);
        scanner.Feed(Encoding.UTF8.GetBytes(text));
    }
}
