using Google.Protobuf.Reflection;

namespace Inference.ClientTests.Buf;

/// <summary>STANDARD and COMMENTS, with no way to switch them off in a comment: over what the build ships, and over protos/ as a person runs it.</summary>
public sealed class LintTests
{
    [Fact]
    public Task DescriptorSet_Lints() => Buf.PassesAsync("lint", Buf.Contract, "--config", Buf.Rules);

    [Fact]
    public Task Workspace_Lints() => Buf.PassesAsync("lint");

    [Fact]
    public Task Workspace_Builds() => Buf.PassesAsync("build");

    // The rules are on: a set that breaks them does not pass.
    [Fact]
    public async Task DescriptorSet_WithABadName_DoesNotLint()
    {
        using var set = new MutatedSet(files => files.Own("inference").MessageType.Single(m => m.Name == "Embedding").Field[0].Name = "Index");
        var end = await Buf.RunAsync("lint", set.Path, "--config", Buf.Rules);
        Assert.Equal(100, end.ExitCode);
        Assert.Contains("lower_snake_case", end.Output);
    }

    [Fact]
    public async Task DescriptorSet_WithoutAComment_DoesNotLint()
    {
        using var set = new MutatedSet(files => files.Own("server").SourceCodeInfo.Location.First(l => l.HasLeadingComments).LeadingComments = "");
        var end = await Buf.RunAsync("lint", set.Path, "--config", Buf.Rules);
        Assert.Equal(100, end.ExitCode);
        Assert.Contains("should have a non-empty comment", end.Output);
    }
}
