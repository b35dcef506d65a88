using Inference.Errors;
using Inference.Services;
using Inference.TestKit;
using Inference.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Inference.UnitTests.Services;

/// <summary>Generate and Chat over the real loader and store, with a model <c>m</c>; the engine recites.</summary>
public abstract class GenerationScene : IAsyncDisposable
{
    protected const string Plain = "{{ range .Messages }}{{ .Role }}:{{ .Content }};{{ end }}";

    protected ScriptedEngine Engine { get; } = new(Script.Of("Hel", "lo"));
    protected ScriptedInference Stage { get; }
    protected CollectedOutput Collected { get; } = new();
    protected CallInfo Call { get; } = new("r-1", TimeProvider.System.GetUtcNow());

    protected GenerationScene()
    {
        Stage = new ScriptedInference(Engine);
        Stage.Store.Add("m", new ScriptedModel { Template = Plain });
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(0, Engine.Active); // no slot is left behind, whatever happened
        await Stage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static ChatMessage User(string text) => new() { Role = Role.User, Content = { new ContentPart { Text = text } } };

    protected static string Text(IEnumerable<int> tokens) => string.Concat(tokens.Select(char.ConvertFromUtf32));

    protected static async Task<Error> FailsAsync(Func<Task> call) => (await Assert.ThrowsAsync<InferenceException>(call)).Error;

    protected string Prompt() => Text(Engine.Submitted.Last().Prompt);

    protected Task GenerateAsync(GenerateRequest request) => Stage.Generation.GenerateAsync(request, Call, Collected, TestContext.Current.CancellationToken);

    protected Task ChatAsync(ChatRequest request) => Stage.Generation.ChatAsync(request, Call, Collected, TestContext.Current.CancellationToken);

    protected static ScriptedInference Scripted(Script script, ManualTime? time = null)
    {
        var inference = new ScriptedInference(new ScriptedEngine(script), services =>
        {
            if (time is not null)
            {
                services.AddSingleton<TimeProvider>(time);
            }
        });
        inference.Store.Add("m", new ScriptedModel { Template = Plain });
        return inference;
    }
}
