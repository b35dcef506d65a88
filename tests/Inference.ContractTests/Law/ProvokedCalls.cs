using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Health.V1;
using Inference.TestKit.Provocations;
using Inference.V1;
using ZstdSharp;

namespace Inference.ContractTests.Law;

/// <summary>Makes the calls of provocations over each door, without a client library: it would end them by its own clock.</summary>
internal sealed partial class ProvokedCalls(ProvocationScene scene) : IDisposable
{
    private static readonly JsonParser Json = new(JsonParser.Settings.Default.WithTypeRegistry(TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor)));

    private static readonly MethodDescriptor[] Methods =
        [.. new[] { InferenceReflection.Descriptor, ModelsReflection.Descriptor, ServerReflection.Descriptor, HealthReflection.Descriptor }.SelectMany(static f => f.Services).SelectMany(static s => s.Methods)];

    private readonly HttpClient _http = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Where the transcoder takes it; null where the contract has no route for it.</summary>
    public static HttpTwin? RestOf(Provocation provocation) => provocation.Rest ?? (MethodOf(provocation)?.GetOptions()?.GetExtension(AnnotationsExtensions.Http) is { } rule ? Transcoded(rule, provocation.Request) : null);

    public async Task<GrpcEnding> GrpcAsync(Provocation provocation)
    {
        var method = MethodOf(provocation);
        var path = provocation.Method.Contains('.', StringComparison.Ordinal) ? $"/{provocation.Method}" : $"/inference.v1.{provocation.Method}";
        byte[] message = provocation.Bytes is { } bytes ? [.. bytes] : method is null ? [] : Json.Parse(provocation.Request, method.InputType).ToByteArray();
        using var request = Request(provocation, new HttpTwin("POST", path, ""), Framed(message), "application/grpc");
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        request.Headers.Add("te", "trailers");
        using var response = await _http.SendAsync(request, Ct);
        var messages = Messages(await response.Content.ReadAsByteArrayAsync(Ct), method?.OutputType).ToList();
        var metadata = response.Headers.Concat(response.TrailingHeaders).ToDictionary(static h => h.Key, static h => string.Join('\n', h.Value), StringComparer.OrdinalIgnoreCase);
        var details = metadata["grpc-status-details-bin"];
        var status = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
        Assert.Equal(status.Code.ToString(CultureInfo.InvariantCulture), metadata["grpc-status"]);
        return new GrpcEnding(status, messages.Count, messages.Exists(IsOutput), metadata);
    }

    /// <summary>A call over HTTP, with its body read.</summary>
    public async Task<HttpEnding> HttpAsync(Provocation provocation, HttpTwin twin)
    {
        var body = Encoding.UTF8.GetBytes(twin.Body);
        using var request = Request(provocation, twin, twin.Packed ? Packed(body) : body, "application/json");
        if (twin.Packed)
        {
            request.Content!.Headers.ContentEncoding.Add("zstd");
        }

        using var response = await _http.SendAsync(request, Ct);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(static h => h.Key, static h => string.Join('\n', h.Value), StringComparer.OrdinalIgnoreCase);
        return new HttpEnding((int)response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync(Ct));
    }

    public void Dispose() => _http.Dispose();

    private static MethodDescriptor? MethodOf(Provocation provocation)
    {
        var name = provocation.Method.Split('/');
        return Array.Find(Methods, m => name.Length == 2 && m.Name == name[1] && (m.Service.Name == name[0] || m.Service.FullName == name[0]));
    }

    private HttpRequestMessage Request(Provocation provocation, HttpTwin twin, byte[] body, string contentType)
    {
        var request = new HttpRequestMessage(new HttpMethod(twin.Method), new Uri(scene.AddressOf(provocation), twin.Path));
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new(contentType) } };
        }

        request.Headers.Add("x-request-id", provocation.RequestId);
        var isContract = contentType is "application/grpc" || twin.Path.StartsWith("/inference/", StringComparison.Ordinal);
        foreach (var (name, value) in isContract ? new Dictionary<string, string>(provocation.Headers) : [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (isContract && !provocation.Headers.ContainsKey("grpc-timeout"))
        {
            request.Headers.Add("grpc-timeout", $"{provocation.TimeoutMs}m");
        }

        return request;
    }

    private static HttpTwin Transcoded(HttpRule rule, string request)
    {
        var fields = JsonNode.Parse(request)!.AsObject();
        var path = new[] { rule.Get, rule.Post, rule.Delete }.Single(static p => p.Length > 0);
        path = Variable().Replace(path, v => Uri.EscapeDataString((string)fields[v.Groups["name"].Value]!));
        return new HttpTwin(rule.PatternCase.ToString().ToUpperInvariant(), path, rule.Body is "*" ? request : "");
    }

    private static byte[] Framed(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var stream = new CompressionStream(packed))
        {
            stream.Write(body);
        }

        return packed.ToArray();
    }

    private static IEnumerable<IMessage> Messages(byte[] frames, MessageDescriptor? type)
    {
        for (var at = 0; at < frames.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(frames.AsSpan(at + 1));
            yield return type!.Parser.ParseFrom(frames, at + 5, length);
            at += 5 + length;
        }
    }

    // What makes a line on Ollama's routes.
    private static bool IsOutput(IMessage message) => message is
        GenerateResponse { EventCase: GenerateResponse.EventOneofCase.Text or GenerateResponse.EventOneofCase.Thinking }
        or ChatResponse { EventCase: ChatResponse.EventOneofCase.Text or ChatResponse.EventOneofCase.Thinking }
        or PullModelResponse { Progress: not null } or PushModelResponse { Progress: not null } or CreateModelResponse { Progress: not null };

    [GeneratedRegex(@"\{(?<name>\w+)(=\*\*)?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    /// <summary>How a call over gRPC ended.</summary>
    /// <param name="Status">With its details.</param>
    /// <param name="Messages">How many came before.</param>
    /// <param name="HasOutput">Whether one of them makes a line on Ollama's routes.</param>
    /// <param name="Metadata">Headers and trailers.</param>
    internal sealed record GrpcEnding(Google.Rpc.Status Status, int Messages, bool HasOutput, IReadOnlyDictionary<string, string> Metadata);

    /// <summary>How a request over HTTP was answered.</summary>
    internal sealed record HttpEnding(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string? Header(string name) => Headers.GetValueOrDefault(name);

        public string Text => Encoding.UTF8.GetString(Body);

        /// <summary>The end of a stream of lines, or all of it.</summary>
        public string LastLine => Text.TrimEnd('\n').Split('\n')[^1];

        /// <summary>What a transcoded call ends with.</summary>
        public Google.Rpc.Status ToStatus() => Json.Parse<Google.Rpc.Status>(LastLine);
    }
}
