namespace Inference.Store.Registry;

/// <summary>Tries the transfer of bytes again: it ends early now and then, and a registry that is busy says so. Numbers: Ollama's server/download.go.</summary>
internal static class Retries
{
    private const int Most = 6;

    /// <param name="time">The clock to wait by: a second, then twice as long each time.</param>
    /// <param name="transfer">Goes on where the one before stopped.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="RegistryException">The last failure.</exception>
    public static async Task RunAsync(TimeProvider time, Func<Task> transfer, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await transfer();
                return;
            }
            catch (RegistryException e) when (e.Fault is RegistryFault.Unavailable)
            {
                if (tries == Most)
                {
                    throw new RegistryException(RegistryFault.Unavailable, $"max retries exceeded: {e.Message}", e.Status, e);
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(1 << (tries - 1)), time, ct);
        }
    }
}
