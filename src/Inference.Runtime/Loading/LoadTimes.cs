namespace Inference.Runtime.Loading;

/// <summary>How long each model took to load of late. Used under the loader's lock.</summary>
internal sealed class LoadTimes
{
    private readonly Dictionary<string, DecayedMean> _means = [];

    public void Observe(string path, TimeSpan time)
    {
        if (!_means.TryGetValue(path, out var mean))
        {
            _means[path] = mean = new DecayedMean();
        }

        mean.Observe(time);
    }

    /// <summary>What these loads take one after the other; null while the last was never seen. One before it that was never seen counts as nothing.</summary>
    /// <param name="paths">The models, in the order of their loads.</param>
    /// <param name="done">How long the first has been loading.</param>
    public TimeSpan? Together(IReadOnlyList<string> paths, TimeSpan done)
    {
        if (Of(paths[^1]) is null)
        {
            return null;
        }

        var sum = TimeSpan.Zero;
        for (var i = 0; i < paths.Count; i++)
        {
            var time = (Of(paths[i]) ?? TimeSpan.Zero) - (i == 0 ? done : TimeSpan.Zero);
            sum += time > TimeSpan.Zero ? time : TimeSpan.Zero;
        }

        return sum;
    }

    private TimeSpan? Of(string path) => _means.GetValueOrDefault(path)?.Value;
}
