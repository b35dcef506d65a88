using System.Text;
using System.Text.Json;
using Inference.TestKit;

namespace Inference.ContractTests.Facade;

/// <summary>
/// What was recorded of making models from others, copying and deleting: every line, and what lay on the disk afterwards, byte for byte. Making
/// models from files is not here: those that the others are made from are put into the store as they were recorded.
/// </summary>
public sealed class RecordedUpkeepTests
{
    // With the files that they were made from, which Ollama rewrote: only their length is kept.
    private static readonly Dictionary<string, string> Bases = new()
    {
        ["tiny"] = "tiny-llama-f16.gguf",
        ["tiny-raw"] = "tiny-llama-notmpl-f16.gguf",
        ["nano"] = "nano-llama-f16.gguf",
    };

    private const string Library = "manifests/registry.ollama.ai/library";

    [Fact]
    public async Task Create_FromModels_LeavesWhatWasRecorded()
    {
        await using var host = await OllamaHost.EmptyAsync();
        PutBases(host.StoreRoot);
        var records = Recordings.Read("ollama/models").Where(static r => Path(r) is "/api/create" && IsFromModel(r)).ToList();
        await ReplayAsync(host, records);

        Assert.Equal(18, records.Count);
        var made = Recordings.Read("ollama/store").Where(r => r.TryGetProperty("manifest_text", out _) && records.Exists(c => Manifest(c) == Place(r, "manifest_path"))).ToList();
        Assert.Equal(18, made.Count);
        foreach (var record in made)
        {
            Assert.Equal(record.GetProperty("manifest_text").GetString(), await File.ReadAllTextAsync($"{host.StoreRoot}/{Place(record, "manifest_path")}"));
            foreach (var blob in record.GetProperty("blobs").EnumerateArray().Where(static b => b.TryGetProperty("text", out _)))
            {
                Assert.Equal(blob.GetProperty("text").GetString(), await File.ReadAllTextAsync($"{host.StoreRoot}/{Place(blob, "file")}"));
            }
        }
    }

    [Fact]
    public async Task CopyAndDelete_AnswerWithNothing()
    {
        await using var host = await OllamaHost.EmptyAsync();
        PutBases(host.StoreRoot);
        Directory.CreateDirectory($"{host.StoreRoot}/{Library}/tiny-again");
        File.Copy($"{host.StoreRoot}/{Library}/tiny/latest", $"{host.StoreRoot}/{Library}/tiny-again/latest");
        var records = Recordings.Read("ollama/models").Where(static r => Path(r) is "/api/copy" or "/api/delete").ToList();
        await ReplayAsync(host, records);

        Assert.Equal(7, records.Count);
        Assert.Equal(["nano", "tiny", "tiny-raw"], Directory.GetDirectories($"{host.StoreRoot}/{Library}").Select(static d => System.IO.Path.GetFileName(d)).Order(StringComparer.Ordinal));
        Assert.False(Directory.Exists($"{host.StoreRoot}/manifests/host.example:5000"));
        Assert.True(File.Exists($"{host.StoreRoot}/blobs/sha256-f02dd72bb2423204352eabc5637b44d79d17f109fdb510a7c51455892aa2d216"));
    }

    [Fact]
    public async Task Blobs_AreTakenOnceAndLookedFor()
    {
        await using var host = await OllamaHost.EmptyAsync();
        var records = Recordings.Read("ollama/models").Where(static r => Path(r).StartsWith("/api/blobs/", StringComparison.Ordinal)).ToList();
        foreach (var record in records)
        {
            var (request, response) = (record.GetProperty("request"), record.GetProperty("response"));
            var method = request.GetProperty("method").GetString();
            var body = method is "HEAD" ? [] : BodyOf(request, record);
            string[] head = [$"{method} {Path(record)} HTTP/1.1", "Host: localhost", .. method is "HEAD" ? (string[])[] : [$"Content-Length: {body.Length}"]];
            var answer = await RawHttp.SendAsync(host.Address, head, body);
            Assert.Equal(
                $"{record.GetProperty("id")} {response.GetProperty("status")} {Header(response, "Content-Type")} {Header(response, "Content-Length")} {Recordings.Body(response)}",
                $"{record.GetProperty("id")} {answer.Status} {answer.ContentType} {answer.Headers["Content-Length"].FirstOrDefault()} {answer.Body}");
        }

        Assert.Equal(19, records.Count);
    }

    private static byte[] BodyOf(JsonElement request, JsonElement record)
    {
        if (request.TryGetProperty("body", out var body) && body.ValueKind is JsonValueKind.String)
        {
            return Encoding.UTF8.GetBytes(body.GetString()!);
        }

        if (request.TryGetProperty("body_base64", out var bytes) && bytes.ValueKind is JsonValueKind.String)
        {
            return Convert.FromBase64String(bytes.GetString()!);
        }

        // Named in a note, or sent before under this digest.
        var hash = Path(record)["/api/blobs/sha256:".Length..];
        return Directory.GetFiles(Places.Shared("golden/ollama/models")!).Select(File.ReadAllBytes)
            .FirstOrDefault(f => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(f)) == hash) ?? [];
    }

    private static async Task ReplayAsync(OllamaHost host, IEnumerable<JsonElement> records)
    {
        foreach (var record in records)
        {
            var request = record.GetProperty("request");
            using var message = new HttpRequestMessage(new HttpMethod(request.GetProperty("method").GetString()!), Path(record));
            message.Content = new StringContent(request.GetProperty("body").GetString()!);
            using var answer = await host.Server.Http.SendAsync(message);
            var response = record.GetProperty("response");
            Assert.Equal(
                $"{record.GetProperty("id")} {response.GetProperty("status")} {Header(response, "Content-Type")}\n{Recordings.Body(response)}",
                $"{record.GetProperty("id")} {(int)answer.StatusCode} {answer.Content.Headers.ContentType}\n{await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static void PutBases(string root)
    {
        var records = Recordings.Read("ollama/store").Where(static r => r.TryGetProperty("manifest_text", out _)).ToList();
        foreach (var (model, file) in Bases)
        {
            var record = records.Single(r => Place(r, "manifest_path") == $"{Library}/{model}/latest");
            Write($"{root}/{Place(record, "manifest_path")}", Encoding.UTF8.GetBytes(record.GetProperty("manifest_text").GetString()!));
            foreach (var blob in record.GetProperty("blobs").EnumerateArray())
            {
                var content = blob.TryGetProperty("text", out var text) ? Encoding.UTF8.GetBytes(text.GetString()!) : File.ReadAllBytes(Places.Shared($"golden/ollama/models/{file}")!);
                Array.Resize(ref content, blob.GetProperty("size_on_disk").GetInt32());
                Write($"{root}/{Place(blob, "file")}", content);
            }
        }
    }

    private static bool IsFromModel(JsonElement record)
    {
        using var body = JsonDocument.Parse(record.GetProperty("request").GetProperty("body").GetString()!);
        return body.RootElement.TryGetProperty("from", out _) && !body.RootElement.TryGetProperty("quantize", out _) && !body.RootElement.TryGetProperty("adapters", out _);
    }

    private static string Manifest(JsonElement record)
    {
        using var body = JsonDocument.Parse(record.GetProperty("request").GetProperty("body").GetString()!);
        var name = (body.RootElement.TryGetProperty("model", out var model) ? model : body.RootElement.GetProperty("name")).GetString()!;
        return name is "ns/tiny:v1" ? "manifests/registry.ollama.ai/ns/tiny/v1" : $"{Library}/{name}/latest";
    }

    private static string Path(JsonElement record) => record.GetProperty("request").GetProperty("path").GetString()!;

    private static string Place(JsonElement record, string name) => record.GetProperty(name).GetString()!.Replace("$MODELS/", "", StringComparison.Ordinal);

    private static string Header(JsonElement response, string name) =>
        response.GetProperty("headers").EnumerateArray().Where(h => h[0].GetString() == name).Select(static h => h[1].GetString()!).FirstOrDefault("");

    private static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
