using Inference.Server.Options;
using Inference.Server.Ports;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;

namespace Inference.Server.Start;

/// <summary>What a person sees who starts the server: what it is, where it is, what it has, and what to try.</summary>
internal sealed class StartReport(IServiceProvider services, TextWriter output)
{
    public void Listening()
    {
        output.WriteLine(Product.Name);
        foreach (var address in services.GetRequiredService<IServer>().BoundAddresses())
        {
            output.WriteLine($"listening on {address}");
        }
    }

    public void Engine()
    {
        _ = services.GetRequiredService<IOptions<ServerOptions>>();
        output.WriteLine("engine loaded");
    }
}
