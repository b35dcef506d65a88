using Inference.TestKit;

namespace Inference.UnitTests;

public sealed class HouseTests
{
    [Fact]
    public void Root_IsTheRepository() => Assert.True(File.Exists(Path.Combine(Places.Root, "Inference.sln")));
}
