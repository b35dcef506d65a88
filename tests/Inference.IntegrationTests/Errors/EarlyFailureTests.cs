using System.Buffers.Binary;
using System.Net;
using Google.Protobuf;
using Inference.TestKit;
using Inference.V1;

namespace Inference.IntegrationTests.Errors;

/// <summary>What fails before any of our code runs has a typed status all the same, in one block of headers, over gRPC and gRPC-Web; over REST in the body.</summary>
public sealed class EarlyFailureTests(ServerHost host) : IClassFixture<ServerHost>
{
    private const string Service = "/inference.v1.InferenceService/";

    private static readonly byte[] Valid = new TokenizeRequest { Model = ServerHost.Model, Text = "x" }.Frame();

    [Theory]
    [InlineData("not a message", "Tokenize", "0000000003FFFFFF", 3, "REQUEST_MALFORMED")]
    [InlineData("not a message, of a stream", "Generate", "0000000003FFFFFF", 3, "REQUEST_MALFORMED")]
    [InlineData("cut off", "Tokenize", "0000000010FF", 3, "REQUEST_MALFORMED")]
    [InlineData("cut off in the head", "Generate", "000000", 3, "REQUEST_MALFORMED")]
    [InlineData("no message", "Tokenize", "", 3, "REQUEST_MALFORMED")]
    [InlineData("no message, of a stream", "Chat", "", 3, "REQUEST_MALFORMED")]
    [InlineData("two messages", "Tokenize", "00000000000000000000", 3, "REQUEST_MALFORMED")]
    [InlineData("text that is not UTF-8", "Tokenize", "00000000030A01FF", 3, "REQUEST_MALFORMED")]
    [InlineData("compressed without saying how", "Tokenize", "0100000000", 3, "REQUEST_MALFORMED")]
    [InlineData("too large", "Tokenize", "007F000000", 8, "REQUEST_TOO_LARGE")]
    [InlineData("too large, of a stream", "Embed", "007F000000", 8, "REQUEST_TOO_LARGE")]
    [InlineData("unknown method", "Nope", "0000000000", 12, "FEATURE_UNSUPPORTED")]
    public async Task Grpc_Frames(string what, string method, string hex, int code, string reason)
    {
        foreach (var ending in new[] { await host.GrpcAsync(Service + method, Convert.FromHexString(hex)), await host.WebAsync(Service + method, Convert.FromHexString(hex)) })
        {
            Assert.Equal((what, reason, code, true), (what, ending.Checked().Reason, ending.Status!.Code, ending.IsTrailersOnly));
            Assert.DoesNotContain("Exception", ending.Status.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("unknown service", "/nope.v1.Nope/Nope", "application/grpc", "", 12, "FEATURE_UNSUPPORTED")]
    [InlineData("unknown compression", Service + "Tokenize", "application/grpc", "nope", 12, "FEATURE_UNSUPPORTED")]
    [InlineData("wrong content type", Service + "Tokenize", "application/json", "", 3, "REQUEST_MALFORMED")]
    [InlineData("no content type", Service + "Tokenize", null, "", 3, "REQUEST_MALFORMED")]
    [InlineData("health, not a message", "/grpc.health.v1.Health/Check", "application/grpc", "", 3, "REQUEST_MALFORMED")]
    public async Task Grpc_Calls(string what, string path, string? contentType, string encoding, int code, string reason)
    {
        var body = what.Contains("health", StringComparison.Ordinal) ? Convert.FromHexString("0000000003FFFFFF") : [.. Valid];
        body[0] = (byte)(encoding.Length > 0 ? 1 : 0);
        var ending = await host.GrpcAsync(path, body, contentType!, encoding.Length > 0 ? [("grpc-encoding", encoding)] : []);

        Assert.Equal((what, reason, code), (what, ending.Checked().Reason, ending.Status!.Code));
    }

    [Fact]
    public async Task Grpc_CompressedBadly_IsSaid()
    {
        var ending = (await host.GrpcAsync(Service + "Tokenize", Convert.FromHexString("0100000003FFFFFF"), headers: ("grpc-encoding", "gzip"))).Checked();

        Assert.Equal(("REQUEST_MALFORMED", true), (ending.Reason, ending.IsTrailersOnly));
    }

    [Fact]
    public async Task Grpc_OverHttp11_SaysWhatItNeeds()
    {
        using var content = new ByteArrayContent(Valid) { Headers = { ContentType = new("application/grpc") } };
        using var response = await host.Http.PostAsync(Service + "Tokenize", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.True(response.Headers.Contains("grpc-status-details-bin"));
    }

    [Fact]
    public async Task ClientStream_BrokenMessage_HasDetails()
    {
        var first = new UploadBlobRequest { Digest = $"sha256:{new string('0', 64)}", Data = ByteString.CopyFrom(1, 2, 3) }.Frame();
        var ending = await host.GrpcAsync("/inference.v1.ModelService/UploadBlob", [.. first, .. Convert.FromHexString("0000000003FFFFFF")]);

        Assert.NotEmpty(ending.Checked().Reason);
    }

    [Theory]
    [InlineData("broken", "POST", "/inference/v1/tokenize", "{\"model\":", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("wrong type", "POST", "/inference/v1/chat", "{\"model\":\"m\",\"messages\":5}", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("unknown enum", "POST", "/inference/v1/chat", "{\"priority\":\"NOPE\"}", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("out of range", "POST", "/inference/v1/embed", "{\"dimensions\":5000000000}", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("two of a oneof", "POST", "/inference/v1/render-prompt", "{\"generate\":{},\"chat\":{}}", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("bad duration", "POST", "/inference/v1/models:load", "{\"model\":\"m\",\"keepAlive\":\"5 minutes\"}", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("null", "POST", "/inference/v1/tokenize", "null", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("empty", "POST", "/inference/v1/tokenize", "", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("rest behind it", "POST", "/inference/v1/tokenize", "{} {}", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("too deep", "POST", "/inference/v1/models", "{\"parameters\":{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]", "application/json", 400, "REQUEST_MALFORMED")]
    [InlineData("not JSON", "POST", "/inference/v1/tokenize", "{}", "text/plain", 400, "REQUEST_MALFORMED")]
    [InlineData("no content type", "POST", "/inference/v1/tokenize", "{}", "", 400, "REQUEST_MALFORMED")]
    [InlineData("gRPC", "POST", "/inference/v1/tokenize", "{}", "application/grpc", 400, "REQUEST_MALFORMED")]
    [InlineData("unknown charset", "POST", "/inference/v1/tokenize", "{}", "application/json; charset=nope", 400, "REQUEST_MALFORMED")]
    [InlineData("query: no number", "GET", "/inference/v1/models?pageSize=abc", null, "", 400, "REQUEST_MALFORMED")]
    [InlineData("query: no number, proto name", "GET", "/inference/v1/models?page_size=1.5", null, "", 400, "REQUEST_MALFORMED")]
    [InlineData("query: out of range", "GET", "/inference/v1/models?pageSize=99999999999", null, "", 400, "REQUEST_MALFORMED")]
    [InlineData("query: unknown enum", "GET", "/inference/v1/models/toy?view=NOPE", null, "", 400, "REQUEST_MALFORMED")]
    [InlineData("query: negative", "GET", "/inference/v1/models?pageSize=-1", null, "", 400, "FIELD_INVALID")]
    public async Task Rest_Requests(string what, string method, string path, string? body, string contentType, int http, string reason)
    {
        var ending = await host.RestAsync(method, path, body, contentType);

        Assert.Equal((what, reason, http), (what, ending.Checked().Reason, (int)ending.Http));
        Assert.DoesNotContain("Inference.V1", ending.Status!.Message, StringComparison.Ordinal);
    }
}
