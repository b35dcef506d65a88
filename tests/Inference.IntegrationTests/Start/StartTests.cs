using System.Net;
using System.Net.Http;
using System.Net.Http.Json;
using System.Net.Sockets;
using Inference.TestKit;

namespace Inference.IntegrationTests.Start;

/// <summary>The program as a process: what it prints, what it returns, and that a start that cannot be says why in one sentence.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo _store = Directory.CreateTempSubdirectory("inference-start-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Delete(recursive: true);

    [Fact]
    public async Task Serve_NothingSaid_TellsWhatItIsAndStopsOnSigterm()
    {
        await using var server = Start(["--host", "127.0.0.1:0"]);
        var address = await server.AddressAsync(Ct);
        await server.WaitForLineAsync(static line => line.Contains("buf curl", StringComparison.Ordinal), Ct);

        var health = await RunAsync(["health", "--host", address.Authority, "--patience", "60"]);
        Assert.Equal((0, $"{address.Authority}: serving", ""), (health.ExitCode, health.Output, health.Errors.Trim()));

        await server.TerminateAsync(Ct);
        var end = await server.EndAsync(Ct);
        Assert.Equal(0, end.ExitCode);
        Assert.StartsWith("Inference ", end.Output, StringComparison.Ordinal);
        Assert.Contains($"models: the store {_store.FullName} has none, so there is only \"toy\"", end.Output, StringComparison.Ordinal);
        Assert.Contains("engine: llama.cpp 815a2a591", end.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_NoKeyPair_MakesOneOnce()
    {
        var folder = Path.Combine(_store.FullName, "identity");
        await using (var first = Start(["--host", "127.0.0.1:0", "--identity", folder]))
        {
            await first.AddressAsync(Ct);
        }

        var made = await File.ReadAllTextAsync(Path.Combine(folder, "id_ed25519"), Ct);
        await using var second = Start(["--host", "127.0.0.1:0", "--identity", folder]);
        await second.AddressAsync(Ct);

        Assert.StartsWith("-----BEGIN OPENSSH PRIVATE KEY-----", made, StringComparison.Ordinal);
        Assert.Equal(made, await File.ReadAllTextAsync(Path.Combine(folder, "id_ed25519"), Ct));
    }

    [Fact]
    public async Task Serve_NoFolderForAKeyPair_WarnsAndServes()
    {
        var file = Path.Combine(_store.FullName, "no-folder");
        await File.WriteAllTextAsync(file, "", Ct);
        await using var server = Start(["--host", "127.0.0.1:0", "--identity", Path.Combine(file, "below")]);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync(Ct) };

        Assert.Equal("Ollama is running", await http.GetStringAsync(new Uri("/", UriKind.Relative), Ct));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.PostAsync(new Uri("/api/me", UriKind.Relative), null, Ct)).StatusCode);
        await server.TerminateAsync(Ct);
        var end = await server.EndAsync(Ct);
        Assert.Contains("no other server will know this one", end.Output + end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sigterm_WhileACallRuns_LetsItEnd()
    {
        await using var server = Start(["--host", "127.0.0.1:0"]);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync(Ct) };
        using var content = JsonContent.Create(new { model = ServerHost.Model, messages = new[] { new { role = "user", content = "Tell me a story about a fox" } }, think = false, options = new { temperature = 0 } });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/chat") { Content = content };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
        var last = await lines.ReadLineAsync(Ct);
        await server.TerminateAsync(Ct);
        while (await lines.ReadLineAsync(Ct) is { } line)
        {
            last = line;
        }

        Assert.Contains("\"done_reason\":\"stop\"", last, StringComparison.Ordinal);
        Assert.Equal(0, (await server.EndAsync(Ct)).ExitCode);
    }

    [Fact]
    public async Task Health_NoServer_IsOne()
    {
        var end = await RunAsync(["health", "--host", $"127.0.0.1:{FreePort()}"]);
        Assert.Equal(1, end.ExitCode);
        Assert.EndsWith(": no server answers (Connection refused)", end.Errors.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortTaken_IsThree()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await AssertFailsAsync(["--host", $"{other.LocalEndpoint}"], 3,
            $"inference: cannot listen on http://{other.LocalEndpoint}: another program has the address; is a server running already? (--host, OLLAMA_HOST)");
    }

    [Theory]
    [InlineData("192.0.2.1", "inference: cannot listen: no interface of this machine has the address (--host, OLLAMA_HOST)")] // TEST-NET-1
    [InlineData("no such host", "inference: cannot listen on no such host: the name has no address")]
    public async Task Serve_ForeignAddress_IsThree(string host, string sentence) => await AssertFailsAsync(["--host", host], 3, sentence);

    [Theory]
    [InlineData("inference: --max-queue 0: must be between 1 and 65536", "--max-queue", "0")]
    [InlineData("inference: --threads some: must be a whole number", "--threads", "some")]
    [InlineData("inference: Required argument missing for option: '--threads' (--help lists what there is)", "--threads")]
    [InlineData("inference: Unrecognized command or argument '--thread' (--help lists what there is)", "--thread", "1")]
    public async Task Serve_WrongOption_IsTwo(string sentence, params string[] arguments) => await AssertFailsAsync(arguments, 2, sentence);

    [Fact]
    public async Task Serve_StoreIsAFile_IsFour()
    {
        var file = Path.Combine(_store.FullName, "file");
        await File.WriteAllTextAsync(file, "", Ct);
        await AssertFailsAsync(["--models", file], 4, $"inference: the store {file} is a file, not a folder");
    }

    [Fact]
    public async Task Serve_NativesMissing_IsFive()
    {
        // The program without its runtimes folder.
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "Inference.Server.*.json")))
        {
            File.CreateSymbolicLink(Path.Combine(_store.FullName, Path.GetFileName(file)), file);
        }

        var own = Path.Combine(_store.FullName, "Inference.Server.dll");
        File.Delete(own);
        File.Copy(ServerProcess.Program, own);
        await using var server = ServerProcess.Start(["--host", "127.0.0.1:0", "--models", Path.Combine(_store.FullName, "models")], program: own);
        var end = await server.EndAsync(Ct);
        Assert.Equal(5, end.ExitCode);
        Assert.Contains($"inference: llama.cpp's native libraries are missing: there is no folder {Path.Combine(_store.FullName, "runtimes")}", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_NoCertificate_IsSix()
    {
        var end = await RunAsync(["--tls-certificate", "/nowhere.pem"]);
        Assert.Equal(6, end.ExitCode);
        Assert.StartsWith("inference: the certificate /nowhere.pem cannot be used: ", Assert.Single(Lines(end.Errors)), StringComparison.Ordinal);
    }

    private async Task AssertFailsAsync(string[] arguments, int code, string sentence)
    {
        var end = await RunAsync(arguments);
        Assert.Equal((code, ""), (end.ExitCode, end.Output));
        Assert.Equal(sentence, Assert.Single(Lines(end.Errors)));
    }

    private async Task<ProcessEnd> RunAsync(string[] arguments)
    {
        await using var server = Start(arguments);
        return await server.EndAsync(Ct);
    }

    private ServerProcess Start(string[] arguments) => ServerProcess.Start(arguments, new Dictionary<string, string> { ["OLLAMA_MODELS"] = _store.FullName });

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
