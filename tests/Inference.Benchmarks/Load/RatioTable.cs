using System.Globalization;
using System.Text;

namespace Inference.Benchmarks.Load;

/// <summary>Rounds of several doors, read as ratios to one of them in the same round.</summary>
internal sealed class RatioTable(string baseline)
{
    private readonly List<Dictionary<string, Shot>> _rounds = [];

    public void Add(Dictionary<string, Shot> round) => _rounds.Add(round);

    public string ToMarkdown(string title)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {title} | tokens/s | of the engine's | CPU a token | of the engine's | more than it | first output | of the engine's |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var door in _rounds[0].Keys.OrderBy(d => d == baseline ? 0 : 1))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {door} | {Middle(door, s => s.TokensPerSecond):0} | {Ratio(door, s => s.TokensPerSecond)} | {Middle(door, s => s.CpuPerToken):0} µs | {Ratio(door, s => s.CpuPerToken)} | {More(door):0} µs | {Middle(door, s => s.FirstToken.TotalMilliseconds):0.0} ms | {Ratio(door, s => s.FirstToken.TotalMilliseconds)} |");
        }

        return text.ToString();
    }

    private double Middle(string door, Func<Shot, double> value) => Median.Of(_rounds.Select(r => value(r[door])));

    private double More(string door) => Median.Of(_rounds.Select(r => r[door].CpuPerToken - r[baseline].CpuPerToken));

    private string Ratio(string door, Func<Shot, double> value)
    {
        if (door == baseline)
        {
            return "1";
        }

        var ratios = _rounds.Select(r => value(r[door]) / value(r[baseline])).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{Median.Of(ratios):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})");
    }
}
