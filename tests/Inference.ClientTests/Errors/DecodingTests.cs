using System.Collections.Concurrent;
using Inference.Errors;

namespace Inference.ClientTests.Errors;

/// <summary>
/// The clients of this repository read of every failure what the server put into it: family, code, reason, metadata and every detail. What
/// they shall read is taken from a bare call, without a client; that it is the failure that was meant, from the catalogue.
/// </summary>
public sealed class DecodingTests(ProvocationScene scene) : IClassFixture<ProvocationScene>
{
    private static readonly ConcurrentDictionary<(string Language, string Batch), Lazy<Task<IReadOnlyDictionary<string, CallEnd>>>> Batches = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IReadOnlyList<Provocation> Entries { get; } = [.. Catalogue.All.OrderBy(static k => k.Reason, StringComparer.Ordinal).SelectMany(static k => Entry(k.Reason))];

    public static MatrixTheoryData<string, string> Provoked => new(Languages.Names, Provocations.All.Select(static p => p.Name));

    public static MatrixTheoryData<string, string> Catalogued => new(Languages.Names, Entries.Select(static p => p.Name));

    [Theory]
    [MemberData(nameof(Provoked))]
    public async Task Provoked_IsReadAsTheServerSentIt(string language, string name) =>
        await CheckAsync(language, Provocations.All, Provocations.All.Single(p => p.Name == name));

    [Theory]
    [MemberData(nameof(Catalogued))]
    public async Task EveryEntry_IsReadAsTheServerSentIt_BeforeAndAfterTheFirstMessage(string language, string name) =>
        await CheckAsync(language, Entries, Entries.Single(p => p.Name == name));

    private async Task CheckAsync(string language, IReadOnlyList<Provocation> batch, Provocation named)
    {
        var provocation = scene.Addressed(named);
        var read = (await ReadAsync(language, batch))[provocation.Name];
        var sent = await BareCalls.ServerAsync(provocation, scene.AddressOf(provocation), Ct);

        Assert.NotNull(sent.Failure);
        Assert.NotNull(read.Failure);
        if (provocation.Reason.Length == 0)
        {
            // Which of the two timers ends the call first is a race; the family is not.
            Assert.Equal((sent.Failure.Code, sent.Failure.Family), (read.Failure.Code, read.Failure.Family));
            return;
        }

        var kind = Catalogue.Find(provocation.Reason)!;
        Assert.Equal((kind.Reason, (int)kind.Code), (sent.Failure.Reason, sent.Failure.Code));
        Assert.Subset(new HashSet<string>(sent.Failure.Metadata.Keys), new HashSet<string>(kind.Keys));
        Assert.Equal(sent.Failure.ToString(), read.Failure.ToString());
        Assert.Equal(sent.Messages, read.Messages);
    }

    // One process of a language makes all calls of a batch.
    private Task<IReadOnlyDictionary<string, CallEnd>> ReadAsync(string language, IReadOnlyList<Provocation> batch) =>
        Batches.GetOrAdd((language, batch[0].Name), _ => new(() => Languages.RunAsync(language, [.. batch.Select(scene.Addressed)], scene.AddressOf, CancellationToken.None))).Value;

    private static IEnumerable<Provocation> Entry(string reason)
    {
        yield return new($"{reason}, one answer", reason, "InferenceService/Detokenize", $$"""{"model":"{{reason}}"}""") { Target = Target.Failing };
        yield return new($"{reason}, before the first message", reason, "InferenceService/Generate", $$"""{"model":"{{reason}}"}""") { Target = Target.Failing };
        yield return new($"{reason}, after it", reason, "InferenceService/Generate", $$"""{"model":"{{reason}}"}""")
        {
            Target = Target.Failing,
            Headers = new Dictionary<string, string> { ["messages-first"] = "2" },
        };
    }
}
