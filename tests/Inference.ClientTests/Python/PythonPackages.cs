using Inference.TestKit;

namespace Inference.ClientTests.Python;

/// <summary>
/// A Python that has what the client needs: the first on the PATH that can import it. Nothing is installed; without one the tests are skipped,
/// in CI as well.
/// </summary>
internal static class PythonPackages
{
    private const string Needs = "import grpc.aio, google.protobuf";

    private static readonly Lazy<Task<string?>> Capable = new(FindAsync);

    /// <summary>Runs python with these arguments in the client's folder.</summary>
    public static async Task<CommandEnd> RunAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        var python = await Capable.Value;
        Assert.SkipWhen(python is null, "no python3 on the PATH has grpcio and protobuf (Debian: python3-grpcio)");
        return await Command.RunAsync(python!, arguments, Folder, new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["PYTHONPATH"] = Folder,
            ["PYTHONDONTWRITEBYTECODE"] = "1",
            ["INFERENCE_DESCRIPTOR_SET"] = Path.Combine(AppContext.BaseDirectory, "inference.binpb"),
        }, input);
    }

    private static string Folder { get; } = Path.Combine(Places.Root, "clients/python");

    private static async Task<string?> FindAsync()
    {
        foreach (var python in Command.FindAll("python3"))
        {
            if ((await Command.RunAsync(python, ["-c", Needs], Folder)).ExitCode == 0)
            {
                return python;
            }
        }

        return null;
    }
}
