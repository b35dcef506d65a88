using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Inference.TestKit;

namespace Inference.IntegrationTests.Errors;

/// <summary>Calls without a gRPC library: it would end them by its own clock, and hide how a failure was sent.</summary>
internal static class Wire
{
    private static readonly JsonParser Json = new(JsonParser.Settings.Default.WithTypeRegistry(TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor)));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>gRPC over cleartext HTTP/2.</summary>
    public static async Task<Ending> GrpcAsync(this ServerHost host, string path, byte[] body, string contentType = "application/grpc", params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        using var request = Request(path, body, contentType, headers);
        (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        request.Headers.Add("te", "trailers");
        using var response = await client.SendAsync(request, Ct);
        var messages = await response.Content.ReadAsByteArrayAsync(Ct);
        var metadata = Metadata(response.Headers.Concat(response.TrailingHeaders));
        return new Ending(response.StatusCode, StatusOf(metadata), metadata, messages.Length == 0 && !response.TrailingHeaders.Any());
    }

    /// <summary>gRPC-Web over HTTP/1.1.</summary>
    public static async Task<Ending> WebAsync(this ServerHost host, string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = Request(path, body, "application/grpc-web", headers);
        using var response = await host.Http.SendAsync(request, Ct);
        var metadata = Metadata(response.Headers);
        var frames = await response.Content.ReadAsByteArrayAsync(Ct);
        for (var rest = frames.AsSpan(); rest.Length > 0; rest = rest[(5 + BinaryPrimitives.ReadInt32BigEndian(rest[1..]))..])
        {
            if (rest[0] == 0x80)
            {
                foreach (var line in Encoding.ASCII.GetString(rest[5..]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
                {
                    metadata[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
                }
            }
        }

        return new Ending(response.StatusCode, StatusOf(metadata), metadata, frames.Length == 0);
    }

    /// <summary>JSON over HTTP/1.1. After messages, the status is the last line.</summary>
    public static async Task<Ending> RestAsync(this ServerHost host, string method, string path, string? json = null, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = Request(path, json is null ? null : Encoding.UTF8.GetBytes(json), contentType, headers);
        request.Method = new HttpMethod(method);
        using var response = await host.Http.SendAsync(request, Ct);
        var last = (await response.Content.ReadAsStringAsync(Ct)).TrimEnd('\n').Split('\n')[^1];
        return new Ending(
            response.StatusCode, last.StartsWith("{\"code\":", StringComparison.Ordinal) ? Json.Parse<Google.Rpc.Status>(last) : null,
            Metadata(response.Headers), IsTrailersOnly: false);
    }

    public static byte[] Frame(this IMessage message)
    {
        var bytes = message.ToByteArray();
        var frame = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, 5);
        return frame;
    }

    private static HttpRequestMessage Request(string path, byte[]? body, string contentType, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static Dictionary<string, string> Metadata(IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in headers)
        {
            metadata[name] = string.Join("\n", values);
        }

        return metadata;
    }

    private static Google.Rpc.Status? StatusOf(Dictionary<string, string> metadata) =>
        metadata.TryGetValue("grpc-status-details-bin", out var details)
            ? Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')))
            : null;
}
