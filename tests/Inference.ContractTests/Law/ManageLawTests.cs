using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grpc.Core;
using Inference.ContractTests.Facade;
using Inference.Errors;
using Inference.HttpErrors;

namespace Inference.ContractTests.Law;

/// <summary>
/// The law, for what changes the store: each recorded failure is provoked over gRPC, and what the function makes of its messages and its status
/// is what was recorded.
/// </summary>
public sealed class ManageLawTests
{
    [Fact]
    public async Task Status_OverGrpc_BecomesTheRecordedAnswer_EmptyStore() => await ReplayAsync(await ManageScene.EmptyAsync(), expectedCalls: 81);

    [Fact]
    public async Task Status_OverGrpc_BecomesTheRecordedAnswer_FixtureStore() => await ReplayAsync(await ManageScene.FixturesAsync(), expectedCalls: 11);

    [Fact]
    public async Task Status_OverGrpc_BecomesTheRecordedAnswer_StoreThatCannotBeListed() => await ReplayAsync(await ManageScene.BrokenAsync(), expectedCalls: 5);

    [Fact]
    public async Task Status_OverGrpc_BecomesTheRecordedAnswer_Registry() => await ReplayAsync(await ManageScene.RegistryAsync(), expectedCalls: 23);

    private static async Task ReplayAsync(ManageScene scene, int expectedCalls)
    {
        await using var _ = scene;
        var grpc = 0;
        var differences = new List<string>();
        var known = KnownDifferences.Read();
        foreach (var record in scene.Records.Where(IsFailure))
        {
            var id = record.GetProperty("id").GetString()!;
            var rendered = await RenderedAsync(scene.Host, record);
            grpc += rendered is { OverGrpc: true } ? 1 : 0;
            if (rendered is not null && Difference(record, rendered) is { } difference && !known.Contains(id))
            {
                differences.Add($"{id}: {difference}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differ, {grpc} agree:\n{string.Join('\n', differences)}");
        Assert.Equal(expectedCalls, grpc);
    }

    private static bool IsFailure(JsonElement record) =>
        record.GetProperty("status").GetInt32() != 405
        && (record.GetProperty("status").GetInt32() >= 400 || Expected(record).Contains("\"error\"", StringComparison.Ordinal));

    private static string Expected(JsonElement record) => record.TryGetProperty("body", out var body) ? body.GetString() ?? "" : record.GetProperty("body_regex").GetString()!;

    private static async Task<Rendering?> RenderedAsync(OllamaHost host, JsonElement record)
    {
        ManageCall? call;
        try
        {
            call = ManageCall.From(record);
        }
        catch (InferenceException e)
        {
            return new Rendering("", ErrorRenderer.Render(e.Error.ToStatus(), new ErrorContext(OllamaRoute.Other)), OverGrpc: false);
        }

        if (call is null)
        {
            return null;
        }

        var lines = new StringBuilder();
        try
        {
            await call.MakeAsync(host.Server.Channel, step => lines.Append(ManageCall.Line(step)));
            throw new InvalidOperationException($"{record.GetProperty("id")}: no failure over gRPC");
        }
        catch (RpcException e)
        {
            var started = call.Phase is ErrorPhase.Stream && lines.Length > 0;
            var error = ErrorRenderer.Render(e.GetRpcStatus()!, new ErrorContext(call.Route) { Phase = started ? ErrorPhase.StreamStarted : call.Phase });
            return new Rendering(started ? lines.ToString() : "", error, OverGrpc: true);
        }
        catch (InferenceException e)
        {
            // The body is decoded where the call is made.
            return new Rendering("", ErrorRenderer.Render(e.Error.ToStatus(), new ErrorContext(call.Route)), OverGrpc: false);
        }
    }

    private static string? Difference(JsonElement record, Rendering rendered)
    {
        var text = rendered.Lines + Encoding.UTF8.GetString(rendered.Error.Body.Span);
        // The answer to a HEAD has a length and no body.
        var agrees = record.GetProperty("method").GetString() is "HEAD" ? record.GetProperty("content_length_header").ToString() == $"{rendered.Error.Body.Length}"
            : record.TryGetProperty("body", out var body) ? body.GetString() == text
            : Regex.IsMatch(text, record.GetProperty("body_regex").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1));
        return agrees
            && record.GetProperty("status").GetInt32() == rendered.Error.Status
            && record.GetProperty("content_type").GetString() == rendered.Error.ContentType
            && record.GetProperty("framing").GetString() == (rendered.Error.Chunked ? "chunked" : "content-length")
            ? null : $"{rendered.Error.Status} {text} instead of {record}";
    }

    private sealed record Rendering(string Lines, HttpError Error, bool OverGrpc);
}
