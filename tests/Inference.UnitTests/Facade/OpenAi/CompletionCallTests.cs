using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.Facade.OpenAi.Requests;
using Inference.V1;

namespace Inference.UnitTests.Facade.OpenAi;

public sealed class CompletionCallTests
{
    [Theory]
    [InlineData("{\"top_p\":1e39}", "json: cannot unmarshal number 1e39 into Go struct field CompletionRequest.top_p of type float32")]
    [InlineData("{\"frequency_penalty\":\"1\"}", "json: cannot unmarshal string into Go struct field CompletionRequest.frequency_penalty of type float32")]
    [InlineData("{\"stop\":[{}]}", "invalid type for 'stop' field: map[string]interface {}")]
    [InlineData("{\"stop\":[\"a\",true]}", "invalid type for 'stop' field: bool")]
    public void BadBody_SaysWhatOllamaSays(string body, string expected) =>
        Assert.Equal(("REQUEST_MALFORMED", expected), Bodies.Problem(() => Decoded(body).ToNative()));

    [Fact]
    public void ToNative_Nothing_HasOpenAisDefaults()
    {
        var call = Decoded("""{"model":"m","prompt":"p","stop":1,"top_p":0,"logprobs":0}""").ToNative();
        Assert.Equal(new SamplingOptions { Temperature = 1, TopP = 1, FrequencyPenalty = 0, PresencePenalty = 0 }, OllamaOptions.From(call.Options).Sampling);
        Assert.Null(call.LogprobOptions);
        Assert.False(call.Streams);
    }

    [Fact]
    public void ToNative_All_ReachesTheContract()
    {
        var call = Decoded("""{"model":"m","prompt":"p","suffix":"s","max_tokens":5,"seed":-1,"stop":"x","temperature":0.1,"top_p":0.2,"frequency_penalty":0.3,"presence_penalty":0.4,"logprobs":2,"stream":true,"stream_options":{"include_usage":true}}""");
        var request = call.ToNative().ToContract(OllamaOptions.From(call.ToNative().Options));
        Assert.Equal(("m", "p", "s", 2), (request.Model, request.Prompt, request.Suffix, request.Logprobs.Top));
        Assert.True(call.IncludesUsage);
        var expected = new SamplingOptions
        {
            NumPredict = 5, Seed = -1, Temperature = 0.1f, TopP = 0.2f, FrequencyPenalty = 0.3f, PresencePenalty = 0.4f, Stop = new StopSequences { Sequences = { "x" } },
        };
        Assert.Equal(expected, request.Options);
    }

    [Theory]
    [InlineData("{\"encoding_format\":\"hex\"}", "FIELD_INVALID", "Invalid value for 'encoding_format' = hex. Supported values: ['float', 'base64'].")]
    [InlineData("{}", "FIELD_REQUIRED", "invalid input")]
    [InlineData("{\"input\":[],\"encoding_format\":\"FLOAT\"}", "FIELD_REQUIRED", "invalid input")]
    public void Embeddings_BadBody_SaysWhatOllamaSays(string body, string reason, string expected) => Assert.Equal(
        (reason, expected), Bodies.Problem(() => Bodies.Decoded(body, OpenAiEmbedCall.Shape, new OpenAiEmbedCall()).ToNative(), OllamaRoute.Embed));

    [Fact]
    public void Embeddings_EmptyText_IsOneText() =>
        Assert.Equal([""], Bodies.Decoded("""{"input":"","encoding_format":"Base64"}""", OpenAiEmbedCall.Shape, new OpenAiEmbedCall()).ToNative().Inputs);

    private static CompletionCall Decoded(string body) => Bodies.Decoded(body, CompletionCall.Shape, new CompletionCall());
}
