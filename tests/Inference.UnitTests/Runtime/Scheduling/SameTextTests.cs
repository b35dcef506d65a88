using Inference.Runtime;
using Inference.Runtime.Loading;

namespace Inference.UnitTests.Runtime.Scheduling;

/// <summary>
/// The promise of the default settings: at temperature 0 a stream has the text that it would have had alone, whoever runs beside it, however
/// its prompt is divided into steps, and whatever of it another has left in the cache.
/// </summary>
public sealed class SameTextTests(Toy toy) : IClassFixture<Toy>
{
    private const int Streams = 64;

    [Fact]
    public async Task Submit_SixtyFourStreamsTogether_EachHasTheTextItHasAlone()
    {
        var prompts = Prompts();
        var flash = CompleteSettings.For(Toy.Spec, new RuntimeOptions(), acceleratorBytes: 0).FlashAttention;
        var alone = new string[Streams];
        using (var engine = toy.Start(slots: 32, context: 256, flash: flash, wrap: static d => new WatchedDecoder(d) { CanForget = false })) // nothing is reused
        {
            for (var i = 0; i < Streams; i++)
            {
                alone[i] = await engine.Submit(prompts[i], TestContext.Current.CancellationToken).TextAsync();
            }
        }

        using var shared = toy.Start(slots: 32, context: 256, batch: 64, flash: flash);
        var outputs = prompts.Select(p => shared.Submit(p, TestContext.Current.CancellationToken)).ToArray();
        var together = await Task.WhenAll(outputs.Select(static o => o.TextAsync()));

        Assert.Contains(outputs, static o => o.CachedTokens > 0);
        Assert.InRange(alone.Distinct().Count(), Streams / 2, Streams);
        Assert.Equal(alone, together);
    }

    /// <summary>Random tokens, hard on purpose: the model has no opinion, so that its best guesses nearly tie. Every other one begins like its neighbour.</summary>
    private GenerationSpec[] Prompts()
    {
        var random = new Random(17);
        var specs = new GenerationSpec[Streams];
        for (var i = 0; i < Streams; i++)
        {
            var beginning = i % 2 == 0 ? [] : specs[i - 1].Prompt.AsSpan(0, 20);
            int[] own = [.. Enumerable.Range(0, random.Next(20, 90)).Select(_ => random.Next(300, 1500))];
            specs[i] = toy.Endless("", 48) with { Prompt = [.. beginning, .. own] };
        }

        return specs;
    }
}
