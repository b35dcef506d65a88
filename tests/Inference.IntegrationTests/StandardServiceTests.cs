using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Grpc.Reflection.V1;
using Inference.TestKit;

namespace Inference.IntegrationTests;

public sealed class StandardServiceTests(ServerHost host) : IClassFixture<ServerHost>
{
    private static readonly string[] Services = ["inference.v1.InferenceService", "inference.v1.ModelService", "inference.v1.ServerService"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_EngineLoads_IsToldOfEachService()
    {
        foreach (var service in Services.Append(""))
        {
            using var watch = host.Health.Watch(new() { Service = service }, cancellationToken: Ct);
            do
            {
                Assert.True(await watch.ResponseStream.MoveNext(Ct));
            }
            while (watch.ResponseStream.Current.Status is not HealthCheckResponse.Types.ServingStatus.Serving);

            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await host.Health.CheckAsync(new() { Service = service }, cancellationToken: Ct)).Status);
        }
    }

    [Fact]
    public async Task Check_UnknownService_IsNotFound() =>
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await host.Health.CheckAsync(new() { Service = "nope" }, cancellationToken: Ct))).StatusCode);

    [Fact]
    public async Task Watch_ServerStops_IsToldBeforeTheDrain()
    {
        await using var own = await ServerHost.StartAsync();
        using var watch = own.Health.Watch(new(), cancellationToken: Ct);
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(Ct));
        }
        while (watch.ResponseStream.Current.Status is not HealthCheckResponse.Types.ServingStatus.Serving);

        var stopping = own.App.StopAsync(Ct);
        Assert.True(await watch.ResponseStream.MoveNext(Ct));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        Assert.False(await watch.ResponseStream.MoveNext(Ct)); // and it does not hold up the stop
        await stopping;
    }

    [Fact]
    public async Task Reflection_BothVersions_ListEveryService()
    {
        using var call = new ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo(cancellationToken: Ct);
        await call.RequestStream.WriteAsync(new() { ListServices = "" }, Ct);
        Assert.True(await call.ResponseStream.MoveNext(Ct));
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(static s => s.Name).ToArray();
        await call.RequestStream.CompleteAsync();
        Assert.Superset(new HashSet<string>([.. Services, "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]), names.ToHashSet());

        using var old = new Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(host.Channel).ServerReflectionInfo(cancellationToken: Ct);
        await old.RequestStream.WriteAsync(new() { FileContainingSymbol = "inference.v1.InferenceService" }, Ct);
        Assert.True(await old.ResponseStream.MoveNext(Ct));
        Assert.NotEmpty(old.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
        await old.RequestStream.CompleteAsync();
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task GrpcWeb_OverHttp11_Works(GrpcWebMode mode)
    {
        using var channel = GrpcChannel.ForAddress(host.Address, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(mode, new HttpClientHandler()), HttpVersion = new Version(1, 1) });
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(channel).CheckAsync(new(), cancellationToken: Ct)).Status);
    }
}
