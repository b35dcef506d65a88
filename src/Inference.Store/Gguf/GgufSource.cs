using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Inference.Store.Gguf;

/// <summary>Forward reading of a file through one buffer. No length that the file claims is believed before the file is known to have it.</summary>
internal sealed class GgufSource : IDisposable
{
    // Chat templates, the longest texts there are, have up to some hundred kilobytes.
    private const int MaxTextBytes = 16 * 1024 * 1024;
    private const int BufferBytes = 64 * 1024;

    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private long _bufferStart; // of the buffer, in the file
    private int _at;
    private int _filled;

    private GgufSource(SafeFileHandle file)
    {
        _file = file;
        Length = RandomAccess.GetLength(file);
    }

    public long Length { get; }

    public long Position => _bufferStart + _at;

    public long Remaining => Length - Position;

    public static GgufSource Open(string path) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan));

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public string Text() => Encoding.UTF8.GetString(TextBytes());

    /// <summary>The bytes of a text; valid until the next reading.</summary>
    public ReadOnlySpan<byte> TextBytes()
    {
        var length = TextLength();
        if (length > MaxTextBytes)
        {
            throw new GgufException($"text of {length} bytes is too long");
        }

        if (length <= BufferBytes)
        {
            return Take((int)length);
        }

        var bytes = new byte[length];
        Fill(bytes);
        return bytes;
    }

    public void SkipText() => Skip(TextLength());

    public void Skip(long count)
    {
        if (count > Remaining)
        {
            throw End();
        }

        if (count <= _filled - _at)
        {
            _at += (int)count;
            return;
        }

        _bufferStart = Position + count;
        _at = _filled = 0;
    }

    public void Fill(Span<byte> bytes)
    {
        if (bytes.Length > Remaining)
        {
            throw End();
        }

        while (bytes.Length > 0)
        {
            var part = Take(Math.Min(bytes.Length, BufferBytes));
            part.CopyTo(bytes);
            bytes = bytes[part.Length..];
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private long TextLength()
    {
        var length = UInt64();
        return length <= (ulong)Remaining ? (long)length : throw new GgufException("unexpected EOF");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_filled - _at < count)
        {
            Refill(count);
        }

        _at += count;
        return _buffer.AsSpan(_at - count, count);
    }

    private void Refill(int count)
    {
        if (count > Remaining)
        {
            throw End();
        }

        _bufferStart = Position;
        var kept = _buffer.AsSpan(_at, _filled - _at);
        kept.CopyTo(_buffer);
        _at = 0;
        _filled = kept.Length;
        while (_filled < count)
        {
            var read = RandomAccess.Read(_file, _buffer.AsSpan(_filled), _bufferStart + _filled);
            if (read == 0)
            {
                throw End(); // it became shorter meanwhile
            }

            _filled += read;
        }
    }

    // io.ReadFull's two errors.
    private GgufException End() => new(Remaining == 0 ? "EOF" : "unexpected EOF");
}
