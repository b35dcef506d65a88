using System.Collections.Concurrent;
using Inference.Errors;
using Inference.TestKit.Provocations;

namespace Inference.ClientTests.Errors;

/// <summary>
/// The clients of this repository read of every failure what the server put into it: family, code, reason, metadata and every detail. What
/// they shall read is taken from a bare call, without a client; that it is the failure that was meant, from the catalogue.
/// </summary>
public sealed class DecodingTests(ProvocationScene scene, FailingServer failing) : IClassFixture<ProvocationScene>, IClassFixture<FailingServer>
{
    private static readonly ConcurrentDictionary<(string Language, string Batch), Lazy<Task<IReadOnlyDictionary<string, CallEnd>>>> Batches = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IReadOnlyList<Provocation> Sent { get; } = [.. Provocations.All.Where(static p => p.ForClients && p.Method.Length > 0)];

    private static IReadOnlyList<Provocation> Entries { get; } = [.. Catalogue.All.OrderBy(static k => k.Reason, StringComparer.Ordinal).SelectMany(static k => Entry(k.Reason))];

    public static MatrixTheoryData<string, string> Provoked => new(Languages.Names, Sent.Select(static p => p.Name));

    public static MatrixTheoryData<string, string> Catalogued => new(Languages.Names, Entries.Select(static p => p.Name));

    [Theory]
    [MemberData(nameof(Provoked))]
    public async Task Provoked_IsReadAsTheServerSentIt(string language, string name) =>
        await CheckAsync(language, Sent, name, scene.AddressOf);

    [Theory]
    [MemberData(nameof(Catalogued))]
    public async Task EveryEntry_IsReadAsTheServerSentIt_BeforeAndAfterTheFirstMessage(string language, string name) =>
        await CheckAsync(language, Entries, name, _ => failing.Address);

    private async Task CheckAsync(string language, IReadOnlyList<Provocation> batch, string name, Func<Provocation, Uri> address)
    {
        var provocation = scene.Addressed(batch.Single(p => p.Name == name));
        var read = (await ReadAsync(language, batch, address))[provocation.Name];
        var sent = await BareCalls.ServerAsync(provocation, address(provocation), Ct);

        Assert.NotNull(sent.Failure);
        Assert.NotNull(read.Failure);
        var kind = Catalogue.Find(provocation.Reason)!;
        Assert.Equal((kind.Reason, (int)kind.Code), (sent.Failure.Reason, sent.Failure.Code));
        Assert.Subset(new HashSet<string>(sent.Failure.Metadata.Keys), new HashSet<string>(kind.Keys));
        Assert.Equal(sent.Failure.Without(provocation.Measured).ToString(), read.Failure.Without(provocation.Measured).ToString());
        Assert.Equal(sent.Messages, read.Messages);
    }

    // One process of a language makes all calls of a batch.
    private Task<IReadOnlyDictionary<string, CallEnd>> ReadAsync(string language, IReadOnlyList<Provocation> batch, Func<Provocation, Uri> address) =>
        Batches.GetOrAdd((language, batch[0].Name), _ => new(() => Languages.RunAsync(language, [.. batch.Select(scene.Addressed)], address, CancellationToken.None))).Value;

    private static IEnumerable<Provocation> Entry(string reason)
    {
        yield return new($"{reason}, one answer", reason, "InferenceService/Detokenize", $$"""{"model":"{{reason}}"}""");
        yield return new($"{reason}, before the first message", reason, "InferenceService/Generate", $$"""{"model":"{{reason}}"}""");
        yield return new($"{reason}, after it", reason, "InferenceService/Generate", $$"""{"model":"{{reason}}"}""")
        {
            Headers = new Dictionary<string, string> { ["messages-first"] = "2" },
        };
    }
}
