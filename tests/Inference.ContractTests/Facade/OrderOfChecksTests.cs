using System.Text;

namespace Inference.ContractTests.Facade;

/// <summary>Of two things that are wrong with a request, the one is told that Ollama looks for first: every route, and every two that one request can have.</summary>
public sealed class OrderOfChecksTests
{
    [Fact]
    public Task Generate_TellsTheFirst() => CheckAsync(NativeChecks.Generate, 172);

    [Fact]
    public Task Chat_TellsTheFirst() => CheckAsync(NativeChecks.Chat, 122);

    [Fact]
    public Task Embed_TellsTheFirst() => CheckAsync(NativeChecks.Embed, 50);

    [Fact]
    public Task Embeddings_TellsTheFirst() => CheckAsync(NativeChecks.Embeddings, 39);

    [Fact]
    public Task Show_TellsTheFirst() => CheckAsync(NativeChecks.Show, 20);

    [Fact]
    public Task Create_TellsTheFirst() => CheckAsync(StoreChecks.Create, 139);

    [Fact]
    public Task Copy_TellsTheFirst() => CheckAsync(StoreChecks.Copy, 5);

    [Fact]
    public Task DeletePullAndPush_TellTheFirst() => CheckAsync(StoreChecks.Others, 17);

    [Fact]
    public Task ChatCompletions_TellTheFirst() => CheckAsync(CompatChecks.Chat, 116);

    [Fact]
    public Task Completions_TellTheFirst() => CheckAsync(CompatChecks.Completions, 45);

    [Fact]
    public Task OpenAiEmbeddings_TellTheFirst() => CheckAsync(CompatChecks.Embeddings, 34);

    [Fact]
    public Task Responses_TellTheFirst() => CheckAsync(CompatChecks.Responses, 76);

    [Fact]
    public Task Messages_TellTheFirst() => CheckAsync(CompatChecks.Messages, 99);

    // Its body is a form: what is not there is found before what is wrong with it.
    [Theory]
    [InlineData("text/plain", "", "request Content-Type isn't multipart/form-data")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nen\r\n--b--\r\n", "model is required")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\na b\r\n--b--\r\n", "file is required: http: no such file")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\na b\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n\r\n--b--\r\n", "audio file is empty")]
    public async Task Transcriptions_TellTheFirst(string type, string form, string text)
    {
        await using var host = await OllamaHost.EmptyAsync();
        var expected = text.StartsWith("request", StringComparison.Ordinal) ? $"failed to parse multipart form: {text}" : text;
        Assert.Null(await new ObservedText("form", "/v1/audio/transcriptions", form, 400, expected) { Headers = [$"Content-Type: {type}"] }.DifferenceAsync(host));
    }

    // Redirects come before origins, origins before hosts, hosts before routes, and all of these before a body is looked at.
    [Theory]
    [InlineData("POST /api/generate/ HTTP/1.1", "Origin: http://evil.example", "evil.example", 307)]
    [InlineData("POST //api/generate HTTP/1.1", "Origin: http://evil.example", "evil.example", 307)]
    [InlineData("POST /api/generate HTTP/1.1", "Origin: http://evil.example", null, 403)]
    [InlineData("GET /api/generate HTTP/1.1", "Origin: http://evil.example", null, 403)]
    [InlineData("GET /nope HTTP/1.1", "X-Nothing: 1", "evil.example", 403)]
    [InlineData("GET /api/generate HTTP/1.1", "X-Nothing: 1", "evil.example", 403)]
    [InlineData("OPTIONS /api/generate HTTP/1.1", "Origin: http://localhost", "evil.example", 204)]
    [InlineData("PUT /api/generate HTTP/1.1", "Origin: http://localhost", null, 405)]
    public async Task Answer_BeforeARoute_TellsTheFirst(string line, string header, string? address, int status)
    {
        await using var host = await OllamaHost.EmptyAsync();
        var body = "{"u8.ToArray();
        var answer = await RawHttp.SendAsync(host.Address, [line, $"Host: {address ?? host.Address.ToString()}", header, $"Content-Length: {body.Length}"], body);
        Assert.Equal(status, answer.Status);
    }

    private static async Task CheckAsync(IEnumerable<ObservedText> pairs, int expected)
    {
        await using var host = await OllamaHost.FixturesAsync();
        var differences = new StringBuilder();
        var (count, wrong) = (0, 0);
        foreach (var pair in pairs)
        {
            count++;
            if (await (pair.Status is 200 ? EndsWellAsync(host, pair) : pair.DifferenceAsync(host)) is { } difference)
            {
                wrong++;
                differences.Append('\n').Append(pair.Body).Append('\n').Append(difference);
            }
        }

        Assert.True(wrong == 0, $"{wrong} of {count} differ:{differences}");
        Assert.Equal(expected, count);
    }

    private static async Task<string?> EndsWellAsync(OllamaHost host, ObservedText pair)
    {
        using var content = new StringContent(pair.Body);
        using var answer = await host.Server.Http.PostAsync(new Uri(pair.Path, UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        return (int)answer.StatusCode == 200 && text.Contains(pair.Text, StringComparison.Ordinal) ? null : $"{pair.Id}: {(int)answer.StatusCode} {text}\n   instead of {pair.Text}";
    }
}
