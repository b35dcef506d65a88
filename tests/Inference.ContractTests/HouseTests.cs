using Inference.TestKit;

namespace Inference.ContractTests;

public sealed class HouseTests
{
    [Fact]
    public void Root_IsTheRepository() => Assert.True(File.Exists(Path.Combine(Places.Root, "Inference.sln")));
}
