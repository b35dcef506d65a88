using Inference.Llama;
using LLama.Native;

namespace Inference.UnitTests.Llama.Library;

public sealed class LibraryProbeTests
{
    private static readonly LibraryProbe Well = new() { Folder = "/app/runtimes", Glibc = new Version(2, 36) };

    [Fact]
    public void Explain_AllWell_IsNull()
    {
        Assert.Null(Well.Explain());
        Assert.Null((Well with { Glibc = null, IsMusl = true }).Explain());
        Assert.Null((Well with { Commit = "815a2a591abcdef" }).Explain());
    }

    [Fact]
    public void Explain_NoNatives_NamesTheFolder() =>
        Assert.Contains("/app/runtimes", Explained(Well with { FolderExists = false, LoadFailure = "no" }), StringComparison.Ordinal);

    [Theory]
    [InlineData("libgomp.so.1", false, "libgomp1 (Debian")]
    [InlineData("libgomp.so.1", true, "libgomp (Alpine)")]
    [InlineData("libstdc++.so.6", false, "libstdc++6 (Debian")]
    [InlineData("libstdc++.so.6", true, "libstdc++ (Alpine)")]
    public void Explain_LibraryMissing_NamesThePackage(string library, bool musl, string expected)
    {
        var text = Explained(Well with { MissingLibrary = library, IsMusl = musl, Glibc = musl ? null : Well.Glibc, LoadFailure = "no" });
        Assert.Contains(library, text, StringComparison.Ordinal);
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x64", 2, 31, "2.34", "Debian 12")]
    [InlineData("arm64", 2, 36, "2.38", "Debian 13")]
    public void Explain_GlibcTooOld_NamesADistribution(string architecture, int major, int minor, string needed, string distribution)
    {
        var text = Explained(Well with { Architecture = architecture, Glibc = new Version(major, minor), LoadFailure = "no" });
        Assert.Contains(needed, text, StringComparison.Ordinal);
        Assert.Contains(distribution, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_DoesNotLoad_GivesTheReason() =>
        Assert.Contains("wrong ELF class", Explained(Well with { LoadFailure = "wrong ELF class." }), StringComparison.Ordinal);

    [Fact]
    public void Explain_OtherCommit_IsNotTrusted() =>
        Assert.Contains("0ddc0de", Explained(Well with { Commit = "0ddc0de" }), StringComparison.Ordinal);

    [Fact]
    public void Explain_WrongDefault_NamesTheField() =>
        Assert.Contains("n_threads", Explained(Well with { WrongDefault = "n_threads" }), StringComparison.Ordinal);

    [Fact]
    public void FirstWrong_Defaults_AreSane()
    {
        LlamaLibrary.Load();
        Assert.Null(LibraryProbe.FirstWrong(LLamaModelParams.Default()));
        Assert.Null(LibraryProbe.FirstWrong(LLamaContextParams.Default()));
    }

    [Fact]
    public void FirstWrong_ShiftedStruct_IsNoticed()
    {
        LlamaLibrary.Load();
        var context = LLamaContextParams.Default();
        context.n_threads = 1; // what natives of another commit were seen to put there
        Assert.Equal("n_threads", LibraryProbe.FirstWrong(context));
        var model = LLamaModelParams.Default();
        model.use_extra_bufts = false;
        Assert.Equal("use_extra_bufts", LibraryProbe.FirstWrong(model));
    }

    private static string Explained(LibraryProbe probe)
    {
        var text = probe.Explain();
        Assert.NotNull(text);
        Assert.EndsWith(".", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text);
        return text;
    }
}
