using Grpc.Health.V1;
using Inference.TestKit;

namespace Inference.IntegrationTests;

public sealed class HealthTests(ServerHost host) : IClassFixture<ServerHost>
{
    [Fact]
    public async Task Check_NoService_Serves() =>
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await host.Health.CheckAsync(new(), cancellationToken: TestContext.Current.CancellationToken)).Status);
}
