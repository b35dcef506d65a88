using Inference.Store.Gguf;
using Inference.TestKit;

namespace Inference.ContractTests.Store;

/// <summary>Files that a real engine loads are not held back.</summary>
public sealed class GuardTests
{
    public static TheoryData<string> Files() =>
        [.. Places.Shared("golden/ollama/models") is { } folder ? new DirectoryInfo(folder).GetFiles("*.gguf").Select(static file => file.Name) : []];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Files))]
    public void Check_GoodFile_Passes(string file) => Assert.Null(Record.Exception(() => GgufGuards.Check(Places.Shared($"golden/ollama/models/{file}")!)));
}
