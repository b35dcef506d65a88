using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Inference.Client;

/// <summary>
/// Calls again where the server says that it helps: only after a failure with a <see cref="InferenceException.RetryDelay"/>, after that
/// delay, and never once a stream has begun. A wait that would outlast the deadline is not begun: the failure is thrown instead.
/// </summary>
public static class Retry
{
    /// <summary>Attempts in all, the first included, where nothing else is said.</summary>
    public const int DefaultAttempts = 5;

    /// <summary>Makes a call with one answer.</summary>
    /// <param name="call">Makes it once, with the options that it gets.</param>
    /// <param name="options">The deadline is for all attempts together; the token ends a wait, too.</param>
    /// <param name="attempts">Attempts in all.</param>
    /// <param name="time">Measures the waits; null is the system's.</param>
    public static async Task<T> WhenToldAsync<T>(
        Func<CallOptions, Task<T>> call, CallOptions options = default, int attempts = DefaultAttempts, TimeProvider? time = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                return await call(options).ConfigureAwait(false);
            }
            catch (InferenceException e) when (attempt < attempts && MayRetry(e, options, time))
            {
                wait = e.RetryDelay!.Value;
            }

            await Task.Delay(wait, time ?? TimeProvider.System, options.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a call with a stream of answers.</summary>
    /// <param name="call">Makes it once, with the options that it gets.</param>
    /// <param name="options">The deadline is for all attempts together; the token ends a wait, too.</param>
    /// <param name="attempts">Attempts in all.</param>
    /// <param name="time">Measures the waits; null is the system's.</param>
    /// <param name="cancellationToken">Ends a wait, and the call.</param>
    public static async IAsyncEnumerable<T> WhenTold<T>(
        Func<CallOptions, IAsyncEnumerable<T>> call, CallOptions options = default, int attempts = DefaultAttempts, TimeProvider? time = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, cancellationToken);
        options = options.WithCancellationToken(either.Token);
        var (stream, any) = await WhenToldAsync(o => BeginAsync(call(o)), options, attempts, time).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            for (; any; any = await stream.MoveNextAsync().ConfigureAwait(false))
            {
                yield return stream.Current;
            }
        }
    }

    // Up to the first message: from there on a failure is the caller's.
    private static async Task<(IAsyncEnumerator<T> Stream, bool Any)> BeginAsync<T>(IAsyncEnumerable<T> answers)
    {
        var stream = answers.GetAsyncEnumerator();
        try
        {
            return (stream, await stream.MoveNextAsync().ConfigureAwait(false));
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static bool MayRetry(InferenceException failure, CallOptions options, TimeProvider? time) =>
        failure.RetryDelay is { } wait && (options.Deadline is not { } deadline || (time ?? TimeProvider.System).GetUtcNow().UtcDateTime + wait < deadline);
}
