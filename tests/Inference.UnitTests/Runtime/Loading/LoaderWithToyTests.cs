using Inference.Llama;
using Inference.Runtime;
using Inference.Runtime.Loading;
using Microsoft.Extensions.Logging.Abstractions;

namespace Inference.UnitTests.Runtime.Loading;

public sealed class LoaderWithToyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CacheKind.Split, CacheType.F16)]
    [InlineData(CacheKind.Unified, CacheType.F16)]
    [InlineData(CacheKind.Split, CacheType.Q8_0)]
    public async Task AcquireAsync_EmbeddedModel_Generates(CacheKind cache, CacheType type)
    {
        var options = new RuntimeOptions { Cache = cache, KvCacheType = type };
        await using var loader = new Loader(options, LlamaEngines.Create(options), TimeProvider.System, NullLogger<Loader>.Instance);
        var seen = 0f;
        using var lease = await loader.AcquireAsync(Toy.Spec, reload: false, keepAlive: null, new Seen(p => seen = Math.Max(seen, p)), Ct);

        using var toy = new Toy();
        var output = lease.Engine.Submit(toy.Chat("What is the capital of France?"), Ct);

        Assert.Contains("Paris", await output.TextAsync(), StringComparison.Ordinal);
        Assert.Equal(StopReason.EndOfText, output.Result!.Reason);
        Assert.Equal(1024, lease.Effective.ContextLength);
        Assert.Equal(1f, seen);
        Assert.Equal([RunningState.Busy], loader.Running.Select(static r => r.State));
    }

    [Fact]
    public async Task TokenizerAsync_ModelUnloadedMeanwhile_StillTokenizes()
    {
        var options = new RuntimeOptions();
        await using var loader = new Loader(options, LlamaEngines.Create(options), TimeProvider.System, NullLogger<Loader>.Instance);
        var cold = await loader.TokenizerAsync(Toy.Spec, Ct);
        (await loader.AcquireAsync(Toy.Spec, reload: false, keepAlive: null, progress: null, Ct)).Dispose();
        var warm = await loader.TokenizerAsync(Toy.Spec, Ct);
        var tokens = warm.Tokenize("The cat sat.", addSpecial: true, parseSpecial: true);
        Assert.True(await loader.UnloadAsync(Toy.Spec.Path, wait: true, Ct));

        Assert.Equal(tokens, warm.Tokenize("The cat sat.", addSpecial: true, parseSpecial: true));
        Assert.Equal(tokens, cold.Tokenize("The cat sat.", addSpecial: true, parseSpecial: true));
        Assert.Equal(warm.Piece(tokens[0], renderSpecial: false), cold.Piece(tokens[0], renderSpecial: false));
    }

    private sealed class Seen(Action<float> see) : IProgress<float>
    {
        public void Report(float value) => see(value);
    }
}
