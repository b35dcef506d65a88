using System.Text;
using Grpc.Core;
using Inference.ContractTests.Law;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.HttpErrors;

namespace Inference.FuzzTests.Facade;

/// <summary>Whatever is sent to the façade, it answers in its own form, it is never at a loss, and afterwards it is as before.</summary>
public sealed class FacadeFuzzTests(ScriptedFacade facade) : IClassFixture<ScriptedFacade>
{
    private const int Cases = 3_000;
    private const int Pairs = 1_200;

    // gRPC checks the fields of a request before it looks for the model, and more of them than Ollama does.
    private static readonly ErrorKind[] FieldChecks = [Catalogue.FieldRequired, Catalogue.FieldInvalid, Catalogue.FieldConflict];

    private static readonly string[] Native = ["/api/chat", "/api/embed", "/api/embeddings", "/api/generate", "/api/show"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_OfAnyKind_IsAnsweredByTheCatalogue()
    {
        var (asked, refused) = (0, 0);
        await Fuzz.EachAsync(
            Cases,
            FuzzRequest.Make,
            async request =>
            {
                var (answer, failures) = await facade.SendAsync(request, Ct);
                (asked, refused) = (asked + 1, refused + (answer.Failed ? 1 : 0));
                return answer.Problem(request, failures) is { } problem ? $"{problem}\n{facade.Host.Log.Lines.LastOrDefault()}" : null;
            },
            static r => r.Smaller(),
            static r => r.Show());
        Assert.InRange((double)refused / asked, 0.2, 0.95);
        await AnswersAsBeforeAsync();
    }

    /// <summary>The law, for requests that nobody has recorded.</summary>
    [Fact]
    public async Task Failure_OverHttp_IsTheFunctionOfTheStatusOverGrpc()
    {
        var failed = 0;
        await Fuzz.EachAsync(
            Pairs,
            MakeNative,
            async request =>
            {
                var (difference, failure) = await DifferenceAsync(request);
                failed += failure ? 1 : 0;
                return difference;
            },
            static r => r.Smaller(),
            static r => r.Show());
        Assert.InRange(failed, Pairs / 10, int.MaxValue);
        await AnswersAsBeforeAsync();
    }

    [Fact]
    public async Task Request_OfTheCorpus_IsAnsweredByTheCatalogueOverBothDoors()
    {
        foreach (var request in Corpus.Requests())
        {
            var (answer, failures) = await facade.SendAsync(request, Ct);
            Assert.True(answer.Problem(request, failures) is null, $"{request.Show()}\n{answer.Problem(request, failures)}\n{facade.Host.Log.Lines.LastOrDefault()}");
            if (Native.Contains(request.Path))
            {
                Assert.Null((await DifferenceAsync(request)).Difference);
            }
        }

        await AnswersAsBeforeAsync();
    }

    private static FuzzRequest MakeNative(Random random)
    {
        FuzzRequest request;
        do
        {
            request = FuzzRequest.Make(random);
        }
        while (request.Method != "POST" || !Native.Contains(request.Path));
        return request;
    }

    private static bool IsLoad(FuzzRequest request)
    {
        var call = new GenerateCall();
        OllamaBody.Decode(request.Body, GenerateCall.Shape, call);
        return call.Request.Prompt.Length == 0;
    }

    private async Task AnswersAsBeforeAsync()
    {
        var (answer, _) = await facade.SendAsync(new("POST", "/api/generate", """{"model":"m","prompt":"Hi","stream":false}"""u8.ToArray()), Ct);
        Assert.Equal(200, answer.Status);
        Assert.Contains("\"response\":\"ok\",\"done\":true", answer.Body, StringComparison.Ordinal);
        facade.IsClean();
    }

    private async Task<(string? Difference, bool Failed)> DifferenceAsync(FuzzRequest request)
    {
        GrpcCall? call = null;
        Google.Rpc.Status? status = null;
        var started = false;
        try
        {
            call = GrpcCall.From(request.Path, request.Body);
            await call.MakeAsync(facade.Host.Channel, () => started = true, Ct);
        }
        catch (NotSupportedException)
        {
            return (null, false); // the contract has no form for what is wrong with it
        }
        catch (InferenceException e)
        {
            status = e.Error.ToStatus();
        }
        catch (RpcException e)
        {
            status = e.GetRpcStatus();
        }

        var (answer, failures) = await facade.SendAsync(request, Ct);
        var kind = status is null ? null : Error.FromStatus(status)?.Kind;
        if (call is not null && FieldChecks.Contains(kind))
        {
            return (null, false);
        }

        // Without a prompt it is a load, and that has no raw mode over gRPC to be in conflict with.
        if (failures.Contains(Catalogue.RawModeConflict.Reason) && IsLoad(request))
        {
            return (null, false);
        }

        if (status is null)
        {
            return (answer.Failed ? $"over gRPC it succeeds, over HTTP it is {answer}" : null, answer.Failed);
        }

        var route = call?.Route ?? OllamaRoute.Other;
        var rendered = ErrorRenderer.Render(status, new ErrorContext(route) { Phase = started ? ErrorPhase.StreamStarted : call?.Streams is true ? ErrorPhase.Stream : ErrorPhase.Whole });
        var text = Encoding.UTF8.GetString(rendered.Body.Span);
        var agrees = answer.Status == rendered.Status && answer.ContentType == rendered.ContentType && (started ? answer.Body.EndsWith(text, StringComparison.Ordinal) : answer.Body == text);
        return (agrees ? null : $"HTTP: {answer}\nfrom gRPC: {rendered.Status} {rendered.ContentType} {text}", true);
    }
}
