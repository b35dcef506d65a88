using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Inference.Errors;
using Inference.HttpErrors;
using Inference.TestKit.Provocations;

namespace Inference.ContractTests.Law;

/// <summary>
/// Every entry of the catalogue that can occur, provoked over every door that has it: gRPC tells the reason that was meant; the transcoded call
/// the same status, with the code of the catalogue's table; Ollama's route what the law makes of the status, in words of the catalogue.
/// </summary>
public sealed class ProvocationTests(ProvocationScene scene) : IClassFixture<ProvocationScene>, IDisposable
{
    // What was measured may be another value at the next call, and another text with it.
    private const int MostTries = 5;

    private static readonly Dictionary<string, ListedError> Listing = CatalogueListing.Entries().ToDictionary(static e => e.Reason, StringComparer.Ordinal);

    private readonly ProvokedCalls _calls = new(scene);

    public static TheoryData<string> OverGrpc => [.. Provocations.All.Where(static p => p.Method.Length > 0).Select(static p => p.Name)];

    public static TheoryData<string> OverRest => [.. Provocations.All.Where(static p => ProvokedCalls.RestOf(p) is not null).Select(static p => p.Name)];

    public static TheoryData<string> OverOllama => [.. Provocations.All.Where(static p => p.Ollama is not null).Select(static p => p.Name)];

    public void Dispose() => _calls.Dispose();

    [Theory]
    [MemberData(nameof(OverGrpc))]
    public async Task Grpc_TellsTheReasonThatWasMeant_WithItsDetails(string name)
    {
        var provocation = Of(name);
        var ending = await _calls.GrpcAsync(provocation);
        var (kind, info) = (Catalogue.Find(provocation.Reason)!, ending.Status.GetDetail<ErrorInfo>()!);

        Assert.Equal((kind.Reason, (int)kind.Code, "inference"), (info.Reason, ending.Status.Code, info.Domain));
        Assert.Subset(info.Metadata.Keys.ToHashSet(), kind.Keys.ToHashSet());
        Assert.Equal(provocation.RequestId, ending.Metadata["x-request-id"]);
        Assert.Equal(Listing[kind.Reason].Details, ending.Status.Details.Skip(1).Select(static d => Any.GetTypeName(d.TypeUrl).Split('.')[^1]));
        Assert.Equal((long?)kind.RetryAfter?.TotalMilliseconds, ending.Metadata.TryGetValue("grpc-retry-pushback-ms", out var wait) ? long.Parse(wait, CultureInfo.InvariantCulture) : null);
        Assert.DoesNotContain("secret words", ending.Status.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OverRest))]
    public async Task Rest_TellsTheSameStatus_WithTheCodeOfTheTable(string name)
    {
        var provocation = Of(name);
        var twin = ProvokedCalls.RestOf(provocation)!;
        var grpc = await _calls.GrpcAsync(provocation);
        var rest = await _calls.HttpAsync(provocation, twin);
        var (listed, status) = (Listing[provocation.Reason], rest.ToStatus());

        Assert.Equal(provocation.Reason, status.GetDetail<ErrorInfo>()?.Reason);
        Assert.Equal(grpc.Messages > 0 ? 200 : listed.Rest, rest.Status);
        Assert.Equal(provocation.RequestId, rest.Header("x-request-id"));
        Assert.Equal(grpc.Messages > 0 ? null : Seconds(listed.RetryAfterMs), rest.Header("retry-after"));
        Assert.Equal(Told(grpc.Status, [.. twin.Facts.Keys, provocation.Measured]), Told(status, [.. twin.Facts.Keys, provocation.Measured]));
        Assert.Subset(status.GetDetail<ErrorInfo>()!.Metadata.ToHashSet(), twin.Facts.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(OverOllama))]
    public async Task Ollama_TellsWhatTheLawMakesOfTheStatus_InWordsOfTheCatalogue(string name)
    {
        var provocation = Of(name);
        foreach (var twin in AsStreamAndWhole(provocation.Ollama!))
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await CheckAsync(provocation, twin);
                    break;
                }
                catch (Xunit.Sdk.XunitException) when (provocation.Measured.Length > 0 && tries < MostTries)
                {
                }
            }
        }
    }

    private async Task CheckAsync(Provocation provocation, HttpTwin twin)
    {
        var ending = provocation.Method.Length > 0 ? await _calls.GrpcAsync(provocation) : null;
        var error = (ending is null ? new Error(Catalogue.Find(provocation.Reason)!, ErrorFacts.None) : Error.FromStatus(ending.Status))!;
        Assert.Equal(provocation.Reason, error.Kind.Reason);
        error = error with { Facts = twin.Facts.Aggregate(error.Facts, static (facts, f) => facts.With(f.Key, f.Value)) };
        var context = ContextOf(twin, ending?.HasOutput ?? false) with { RequestId = provocation.RequestId };
        var rendered = ErrorRenderer.Render(error.ToStatus(), context);
        var answer = await _calls.HttpAsync(provocation, twin);
        var body = Encoding.UTF8.GetString(rendered.Body.Span);

        Assert.Equal(provocation.RequestId, answer.Header("x-request-id"));
        if (context.Phase is ErrorPhase.StreamStarted)
        {
            Assert.Equal((200, body), (answer.Status, answer.LastLine + "\n"));
        }
        else
        {
            var isCounted = twin.Method is "HEAD";
            Assert.Equal((rendered.Status, isCounted ? "" : body), (answer.Status, answer.Text));
            Assert.Equal((rendered.ContentType, rendered.Chunked), (answer.Header("content-type"), answer.Header("transfer-encoding") is "chunked"));
            Assert.Equal(rendered.Chunked ? null : $"{rendered.Body.Length}", answer.Header("content-length"));
            Assert.Equal(Seconds((long?)rendered.RetryAfter?.TotalMilliseconds), answer.Header("retry-after"));
        }

        Assert.True(ListedWords.Have(Listing[provocation.Reason], error.Facts, context.Route, body), $"not in the listing of {provocation.Reason}: {body}");
    }

    private Provocation Of(string name) => scene.Addressed(Provocations.All.Single(p => p.Name == name));

    // Whether a stream was asked for is another writer there.
    private static IEnumerable<HttpTwin> AsStreamAndWhole(HttpTwin twin)
    {
        yield return twin;
        if (IsStreamed(twin.Path) && twin.Facts.Count == 0)
        {
            var body = JsonNode.Parse(twin.Body)!.AsObject();
            body["stream"] = false;
            yield return twin with { Body = body.ToJsonString() };
        }
    }

    private static ErrorContext ContextOf(HttpTwin twin, bool hasOutput)
    {
        // What stands before the routes under /v1 speaks like a native one.
        var context = twin.Packed ? new ErrorContext(OllamaRoute.Other)
            : twin.Path.StartsWith("/v1/", StringComparison.Ordinal) ? CompatCall.Decoding(twin.Path)
            : new ErrorContext(System.Enum.Parse<OllamaRoute>(twin.Path.Split('/')[2], ignoreCase: true));
        if (!IsStreamed(twin.Path) || twin.Facts.ContainsKey("detail"))
        {
            return context;
        }

        var isWork = context.Route is OllamaRoute.Pull or OllamaRoute.Push or OllamaRoute.Create;
        return context with
        {
            Phase = JsonNode.Parse(twin.Body)!["stream"] is not null ? isWork ? ErrorPhase.Awaited : ErrorPhase.Whole
                : hasOutput ? ErrorPhase.StreamStarted
                : ErrorPhase.Stream,
        };
    }

    private static bool IsStreamed(string path) => path is "/api/generate" or "/api/chat" or "/api/pull" or "/api/push" or "/api/create";

    private static string? Seconds(long? milliseconds) => milliseconds is { } ms ? Math.Ceiling(ms / 1000d).ToString(CultureInfo.InvariantCulture) : null;

    // All of a status but the facts that are others at each door or call, and what is made of them.
    private static string Told(Google.Rpc.Status status, IEnumerable<string> others)
    {
        var info = status.GetDetail<ErrorInfo>()!;
        var without = others.Count(info.Metadata.Remove);
        return without == 0 ? status.ToString() : $"{status.Code} {info}";
    }
}
