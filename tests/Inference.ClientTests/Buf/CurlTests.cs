using System.Text;
using System.Text.Json;
using Inference.TestKit;

namespace Inference.ClientTests.Buf;

/// <summary>Calls that know nothing but the address: reflection tells them the rest, over cleartext HTTP/2 on the shared port.</summary>
public sealed class CurlTests(ClientServer server)
{
    [Fact]
    public async Task Reflection_ListsTheServices()
    {
        var end = await CurlAsync(["--list-services"], "");
        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection", "inference.v1.InferenceService", "inference.v1.ModelService", "inference.v1.ServerService"],
            end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Reflection_ListsTheMethods()
    {
        var end = await CurlAsync(["--list-methods"], "");
        Assert.Contains("inference.v1.InferenceService/Generate", end.Output.Split('\n'));
        Assert.Contains("inference.v1.ModelService/UploadBlob", end.Output.Split('\n'));
    }

    [Fact]
    public async Task Generate_Streams()
    {
        var messages = await CallAsync("Generate", $$$"""{"model": "{{{SmallStore.Model}}}", "prompt": "What is the capital of France?", "thinking": {"enabled": false}, "options": {"temperature": 0}}""");
        Assert.True(messages[0].TryGetProperty("start", out var start) && start.GetProperty("promptTokens").GetInt32() > 0);
        Assert.Contains("Paris", string.Concat(messages.Select(m => m.TryGetProperty("text", out var text) ? text.GetString() : "")));
        Assert.Equal("FINISH_REASON_STOP", messages[^1].GetProperty("finish").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Chat_Streams()
    {
        var messages = await CallAsync("Chat", $$$"""{"model": "{{{SmallStore.Model}}}", "messages": [{"role": "ROLE_USER", "content": [{"text": "Count from 1 to 50."}]}], "thinking": {"enabled": false}, "options": {"temperature": 0}}""");
        Assert.Equal(1, messages.Count(m => m.TryGetProperty("start", out _)));
        Assert.True(messages.Count(m => m.TryGetProperty("text", out _)) > 1);
        Assert.True(messages[^1].GetProperty("finish").GetProperty("usage").GetProperty("completionTokens").GetInt32() > 0);
    }

    [Fact]
    public async Task Embed_Streams()
    {
        var messages = await CallAsync("Embed", $$"""{"model": "{{SmallStore.EmbeddingModel}}", "inputs": ["one", "two"]}""");
        Assert.Equal(3, messages.Count);
        Assert.Equal(SmallStore.EmbeddingLength, messages[1].GetProperty("embedding").GetProperty("values").GetArrayLength());
        Assert.True(messages[2].TryGetProperty("finish", out _));
    }

    [Fact]
    public async Task Error_ArrivesWithItsDetails()
    {
        var end = await CurlAsync(["-d", """{"model": "absent", "prompt": "a"}"""], "/inference.v1.InferenceService/Generate");
        Assert.NotEqual(0, end.ExitCode);
        using var error = JsonDocument.Parse(end.Errors);
        Assert.Equal("not_found", error.RootElement.GetProperty("code").GetString());
        Assert.Equal("model 'absent' not found", error.RootElement.GetProperty("message").GetString());
        var info = error.RootElement.GetProperty("details").EnumerateArray().First(d => d.GetProperty("type").GetString() == "google.rpc.ErrorInfo");
        Assert.Contains("MODEL_NOT_FOUND", Encoding.UTF8.GetString(Convert.FromBase64String(Padded(info.GetProperty("value").GetString()!))));
    }

    private async Task<List<JsonElement>> CallAsync(string method, string request)
    {
        var end = await CurlAsync(["-d", request], $"/inference.v1.InferenceService/{method}");
        Assert.True(end.ExitCode == 0, end.Everything);
        return Objects(end.Output);
    }

    private Task<CommandEnd> CurlAsync(IEnumerable<string> arguments, string path) =>
        Buf.RunAsync(["curl", "--http2-prior-knowledge", "--protocol", "grpc", .. arguments, $"{server.Host.Address.ToString().TrimEnd('/')}{path}"]);

    private static string Padded(string base64) => base64.PadRight((base64.Length + 3) / 4 * 4, '=');

    // One object after the other, without commas.
    private static List<JsonElement> Objects(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        List<JsonElement> found = [];
        while (reader.Read())
        {
            found.Add(JsonElement.ParseValue(ref reader));
        }

        return found;
    }
}
