using Inference.Errors;
using Inference.Services;
using Inference.Store.Identity;
using Inference.Store.Remote;
using Inference.TestKit;
using Inference.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Inference.UnitTests.Services.Remote;

/// <summary>The services beside another server, which is the cloud and which the stored model <c>r</c> lives on. There is a key.</summary>
public abstract class RemoteScene : IAsyncLifetime
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("remote-");

    protected MockUpstream Upstream { get; private set; } = null!;

    protected ScriptedInference Stage { get; private set; } = null!;

    protected CollectedOutput Collected { get; } = new();

    /// <summary>What the other server does.</summary>
    protected Func<MockRequest, MockAnswer> Answers { get; set; } = static _ => new MockAnswer(200, """{"done":true}""");

    protected KeyPair Keys => new(_home.FullName);

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected static CallInfo Call { get; } = new("r-1", TimeProvider.System.GetUtcNow());

    public virtual async ValueTask InitializeAsync()
    {
        Upstream = await MockUpstream.StartAsync(request => Answers(request));
        Keys.Ensure();
        Stage = new ScriptedInference(new ScriptedEngine(), services => services
            .AddSingleton(Options.Create(new IdentityOptions { Folder = _home.FullName }))
            .AddSingleton(Options.Create(new CloudOptions { BaseUrl = Upstream.Url, AccountUrl = Upstream.Url, Remotes = "127.0.0.1,ollama.com" })));
        AddRemote("r", Upstream.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await Stage.DisposeAsync();
        await Upstream.DisposeAsync();
        _home.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected void AddRemote(string name, string host, string? system = null, string? parameters = null, string? messages = null) => Stage.Store.Add(name, new ScriptedModel
    {
        HasWeights = false,
        System = system,
        Parameters = parameters,
        Messages = messages,
        Config = $$"""{"model_format":"gguf","model_family":"big","context_length":4096,"remote_host":"{{host}}","remote_model":"big:20b","capabilities":["completion"]}""",
    });

    protected void RemoveKey() => File.Delete(Path.Combine(_home.FullName, "id_ed25519"));

    protected static ChatMessage User(string text) => new() { Role = Role.User, Content = { new ContentPart { Text = text } } };

    protected Task ChatAsync(ChatRequest request) => Stage.Generation.ChatAsync(request, Call, Collected, Cancelled);

    protected Task GenerateAsync(GenerateRequest request) => Stage.Generation.GenerateAsync(request, Call, Collected, Cancelled);

    protected static async Task<Error> FailsAsync(Func<Task> call) => (await Assert.ThrowsAsync<InferenceException>(call)).Error;
}
