using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Inference.Services.Calls;

namespace Inference.Server.Ports.Requests;

/// <summary>
/// Stands where Kestrel reads a connection of HTTP/1.x, and decides before it what a request is: heads are read as net/http reads them and
/// shown to Kestrel in words that it takes, chunks are taken apart and put together anew, a body with a length passes as it is. Between a
/// request's last byte and the next one's first it reads on by itself, and so notices a caller that has left.
/// </summary>
/// <param name="input">What was received.</param>
/// <param name="refuse">Writes what nobody else will.</param>
/// <param name="incoming">Is told of each request.</param>
/// <param name="output">Is told of the version that its answer has.</param>
internal sealed class RequestReader(PipeReader input, Func<Refusal, ValueTask> refuse, IncomingRequest incoming, ResponseWriter output) : PipeReader
{
    // net/http: DefaultMaxHeaderBytes, and what it reads beyond that before it is sure.
    private const int LongestHead = (1 << 20) + 4096;

    private enum Place
    {
        Head,
        Counted,
        Chunks,
        Over,
    }

    private readonly ArrayBufferWriter<byte> _data = new();
    private Place _place;
    private long _left;
    private ChunkDecoder _chunks = new();
    private bool _isTried;
    private bool _afterPost;

    // What Kestrel is shown in place of what was sent, and whether it is looking at that.
    private ReadOnlySequence<byte> _shown;
    private bool _isShown;

    // What it is looking at otherwise.
    private ReadOnlySequence<byte> _passed;

    private Task<ReadResult>? _ahead;

    public override bool TryRead(out ReadResult result)
    {
        _isTried = true; // as Kestrel does only with a body
        result = Show();
        return !_shown.IsEmpty;
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (!_shown.IsEmpty)
        {
            return Show();
        }

        var isTried = _isTried;
        _isTried = false;
        if (incoming.IsBodyGivenUp && _place is Place.Counted or Place.Chunks)
        {
            return Break("the body was not asked for");
        }

        incoming.IsBodyAsked = _place is Place.Counted or Place.Chunks;
        return _place switch
        {
            Place.Head => await ReadHeadAsync(cancellationToken),
            Place.Counted => await ReadCountedAsync(cancellationToken),
            Place.Chunks => await ReadChunksAsync(cancellationToken),
            _ => isTried ? throw new TaskCanceledException() : Show(isCompleted: true), // what is left of a body, or another request
        };
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (!_isShown)
        {
            _left -= _passed.Slice(_passed.Start, consumed).Length;
            incoming.Unread = _left;
            input.AdvanceTo(consumed, examined);
            End(_left == 0);
        }
        else if (!_shown.IsEmpty)
        {
            _shown = _shown.Slice(consumed);
            End(_shown.IsEmpty && (_place is Place.Chunks ? _chunks.IsEnd : _place is Place.Counted && _left == 0));
        }
    }

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        _place = Place.Over;
        input.Complete(exception);
    }

    /// <summary>Ends what it reads by itself.</summary>
    public async Task StopAsync()
    {
        if (_ahead is not { } ahead)
        {
            return;
        }

        input.CancelPendingRead();
        await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private ReadResult Show(bool isCompleted = false, bool isCanceled = false)
    {
        _isShown = true;
        return new ReadResult(_shown, isCanceled, isCompleted);
    }

    private ReadResult Show(ReadOnlyMemory<byte> bytes)
    {
        _shown = new ReadOnlySequence<byte>(bytes);
        return Show();
    }

    // The request is read. What follows is the next one, or the caller's end.
    private void End(bool isEnd)
    {
        if (isEnd && _place is (Place.Counted or Place.Chunks))
        {
            _place = Place.Head;
            _ahead = ReadAheadAsync();
        }
    }

    private async Task<ReadResult> ReadAheadAsync()
    {
        try
        {
            var read = await input.ReadAsync();
            if (read.IsCompleted && read.Buffer.IsEmpty)
            {
                incoming.Leave();
            }

            return read;
        }
        catch (Exception) when (incoming.Break())
        {
            throw;
        }
    }

    private ValueTask<ReadResult> NextAsync(CancellationToken ct)
    {
        if (_ahead is not { } ahead)
        {
            return input.ReadAsync(ct);
        }

        _ahead = null;
        return new ValueTask<ReadResult>(ahead);
    }

    private async ValueTask<ReadResult> ReadHeadAsync(CancellationToken ct)
    {
        var head = new HeadReader();
        var length = 0L;
        while (true)
        {
            var read = await NextAsync(ct);
            var rest = read.Buffer;
            length += Feed(head, ref rest);
            input.AdvanceTo(rest.Start, head.Head is null ? rest.End : rest.Start); // what follows a head is its body
            if (head.Head is { } complete && length <= LongestHead)
            {
                return Show(Begin(complete));
            }

            if (read.IsCanceled)
            {
                return Show(isCanceled: true);
            }

            var refusal = head.Refused
                ?? (length + rest.Length > LongestHead ? Refusal.TooLarge : read.IsCompleted && length + rest.Length > 0 ? Refusal.Malformed : null);
            if (refusal is not null || read.IsCompleted)
            {
                _place = Place.Over;
                await (refusal is null ? default : refuse(refusal));
                return Show(isCompleted: true);
            }
        }
    }

    /// <returns>How many bytes were taken.</returns>
    private long Feed(HeadReader head, ref ReadOnlySequence<byte> rest)
    {
        var reader = new SequenceReader<byte>(rest);
        for (var skipped = 0; _afterPost && skipped < 4 && reader.TryPeek(out var next) && next is (byte)'\r' or (byte)'\n'; skipped++)
        {
            reader.Advance(1); // old browsers end a POST with a line more than its length says
        }

        _afterPost &= reader.End;
        while (head.Head is null && head.Refused is null && reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            var bytes = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
            head.Read(bytes is [.. var text, (byte)'\r'] ? text : bytes);
        }

        rest = rest.Slice(reader.Position);
        return reader.Consumed;
    }

    private byte[] Begin(RequestHead head)
    {
        _place = head.ContentLength is null ? Place.Chunks : Place.Counted;
        _left = head.ContentLength ?? 0;
        _chunks = head.ContentLength is null ? new ChunkDecoder() : _chunks;
        _afterPost = head.Method == "POST";
        incoming.Begin(head);
        output.HoldsHead = head.IsHttp10;
        return HeadWriter.Write(head);
    }

    private async ValueTask<ReadResult> ReadCountedAsync(CancellationToken ct)
    {
        var read = await input.ReadAsync(ct);
        if (read.IsCompleted && read.Buffer.IsEmpty)
        {
            input.AdvanceTo(read.Buffer.Start);
            return Break("unexpected EOF");
        }

        // Kestrel gives a request up where its input has ended, even if all of it is there: the end is not shown.
        _isShown = false;
        _passed = read.Buffer.Slice(0, Math.Min(_left, read.Buffer.Length));
        return new ReadResult(_passed, read.IsCanceled, isCompleted: false);
    }

    private async ValueTask<ReadResult> ReadChunksAsync(CancellationToken ct)
    {
        while (true)
        {
            var read = await input.ReadAsync(ct);
            var rest = read.Buffer;
            _data.ResetWrittenCount();
            _chunks.Decode(ref rest, _data);
            input.AdvanceTo(rest.Start, _chunks.IsEnd ? rest.Start : rest.End);
            if (_data.WrittenCount > 0 || _chunks.IsEnd)
            {
                return Show(Chunk());
            }

            if (read.IsCanceled)
            {
                return Show(isCanceled: true);
            }

            if (_chunks.Broken is not null || read.IsCompleted)
            {
                return Break(_chunks.AtEnd);
            }
        }
    }

    private byte[] Chunk()
    {
        var length = _data.WrittenCount;
        var head = length > 0 ? Encoding.ASCII.GetBytes($"{length:X}\r\n") : [];
        return [.. head, .. _data.WrittenSpan, .. length > 0 ? "\r\n"u8 : [], .. _chunks.IsEnd ? "0\r\n\r\n"u8 : []];
    }

    // Who reads a body is told; who only wants to be rid of it, after the answer, is better told in Kestrel's own way that it is over.
    private ReadResult Break(string reason)
    {
        var inChunks = _place is Place.Chunks;
        _place = Place.Over;
        incoming.IsBodyBroken = true;
        return !incoming.IsAnswered ? throw new BrokenBodyException(reason)
            : inChunks ? Show("0\r\n\r\n"u8.ToArray())
            : throw new TaskCanceledException(reason);
    }
}
