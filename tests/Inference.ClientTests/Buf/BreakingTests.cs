using Google.Protobuf.Reflection;

namespace Inference.ClientTests.Buf;

/// <summary>Nothing that was released is taken back, neither in code (FILE) nor on the wire or in JSON (WIRE_JSON).</summary>
public sealed class BreakingTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Contract_AgainstTheLastRelease_BreaksNothing()
    {
        await Release.NeedsHistoryAsync();
        var tag = await Release.LastAsync();
        Assert.SkipWhen(tag is null, "there is no release yet: no tag v*");
        output.WriteLine($"against {tag}");
        await ComparesAsync(tag, static end => Assert.True(end.ExitCode == 0, end.Everything));
    }

    // The way from a commit to a verdict, whether there is a release or not.
    [Fact]
    public async Task Contract_AgainstTheCurrentCommit_IsCompiledAndCompared()
    {
        await Release.NeedsHistoryAsync();
        await ComparesAsync("HEAD", static end => Assert.True(end.ExitCode is 0 or 100, end.Everything));
    }

    [Fact]
    public Task Contract_AgainstItself_BreaksNothing() => Buf.PassesAsync("breaking", Buf.Contract, "--against", Buf.Contract, "--config", Buf.Rules);

    [Fact]
    public Task RemovedField_IsFound() => FindsAsync(
        files => Message(files, "GenerateRequest").Field.RemoveAt(1), "Previously present field \"2\" with name \"prompt\" on message \"GenerateRequest\" was deleted");

    [Fact]
    public Task RenamedField_IsFound() => FindsAsync(
        files => Message(files, "GenerateRequest").Field[1].JsonName = "Prompt", "json_name");

    [Fact]
    public Task ChangedType_IsFound() => FindsAsync(
        files => Message(files, "Embedding").Field[0].Type = FieldDescriptorProto.Types.Type.Int64, "changed type");

    [Fact]
    public Task RemovedCall_IsFound() => FindsAsync(
        files => files.Own("inference").Service[0].Method.RemoveAt(0), "\"Generate\"");

    private static DescriptorProto Message(FileDescriptorSet files, string name) => files.Own("inference").MessageType.Single(m => m.Name == name);

    private static async Task FindsAsync(Action<FileDescriptorSet> change, string words)
    {
        using var set = new MutatedSet(change);
        var end = await Buf.RunAsync("breaking", set.Path, "--against", Buf.Contract, "--config", Buf.Rules);
        Assert.Equal(100, end.ExitCode);
        Assert.Contains(words, end.Output, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task ComparesAsync(string commit, Action<CommandEnd> verdict)
    {
        var folder = Directory.CreateTempSubdirectory("inference-release-");
        try
        {
            verdict(await Buf.RunAsync("breaking", Buf.Contract, "--against", await Release.CompileAsync(commit, folder.FullName), "--config", Buf.Rules));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
