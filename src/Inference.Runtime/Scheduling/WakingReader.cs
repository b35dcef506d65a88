using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Inference.Runtime.Scheduling;

/// <summary>A channel's reader that tells a waiting engine when room has become free, so that nobody has to look again and again.</summary>
internal sealed class WakingReader(ChannelReader<Piece> inner, Action wake) : ChannelReader<Piece>
{
    private volatile bool _expected;

    /// <summary>The next read wakes. Look at the count once more after this: a read may have come before.</summary>
    public void ExpectRead() => _expected = true;

    public override Task Completion => inner.Completion;

    public override bool CanCount => inner.CanCount;

    public override int Count => inner.Count;

    public override bool CanPeek => inner.CanPeek;

    public override bool TryPeek([MaybeNullWhen(false)] out Piece item) => inner.TryPeek(out item);

    public override bool TryRead([MaybeNullWhen(false)] out Piece item)
    {
        if (!inner.TryRead(out item))
        {
            return false;
        }

        if (_expected)
        {
            _expected = false;
            wake();
        }

        return true;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => inner.WaitToReadAsync(cancellationToken);
}
