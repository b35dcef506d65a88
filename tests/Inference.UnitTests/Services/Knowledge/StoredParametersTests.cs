using System.Text.Json;
using Inference.Errors;
using Inference.Services.Knowledge;

namespace Inference.UnitTests.Services.Knowledge;

/// <summary>Ollama's api/types.go, FromMap: what stored parameters may be.</summary>
public sealed class StoredParametersTests
{
    [Fact]
    public void Parse_AllNames_AreTyped()
    {
        var stored = Parse("""
            {"num_ctx":1,"num_batch":2,"num_gpu":3,"main_gpu":4,"use_mmap":true,"num_thread":5,"draft_num_predict":6,"num_keep":7,"seed":8,"num_predict":9,
            "top_k":10,"top_p":0.5,"min_p":0.25,"typical_p":0.75,"repeat_last_n":11,"temperature":1.5,"repeat_penalty":1.25,"presence_penalty":-1,"frequency_penalty":1,"stop":["a","b"]}
            """);

        Assert.Empty(stored.Unknown);
        Assert.Equal(
            new() { NumCtx = 1, NumBatch = 2, NumGpu = 3, MainGpu = 4, UseMmap = true, NumThread = 5, DraftNumPredict = 6 }, stored.Load);
        Assert.Equal(
            new()
            {
                NumKeep = 7, Seed = 8, NumPredict = 9, TopK = 10, TopP = 0.5f, MinP = 0.25f, TypicalP = 0.75f, RepeatLastN = 11, Temperature = 1.5f,
                RepeatPenalty = 1.25f, PresencePenalty = -1, FrequencyPenalty = 1, Stop = new() { Sequences = { "a", "b" } },
            },
            stored.Sampling);
    }

    [Theory]
    [InlineData("""{"num_ctx":"4096"}""", "num_ctx", "integer", "option \"num_ctx\" must be of type integer")]
    [InlineData("""{"temperature":"hot"}""", "temperature", "float32", "option \"temperature\" must be of type float32")]
    [InlineData("""{"use_mmap":1}""", "use_mmap", "boolean", "option \"use_mmap\" must be of type boolean")]
    [InlineData("""{"stop":"x"}""", "stop", "array", "option \"stop\" must be of type array")]
    [InlineData("""{"stop":["x",1]}""", "stop", "array of strings", "option \"stop\" must be of an array of strings")]
    public void Parse_WrongType_IsTheModelsFault(string json, string option, string expected, string message)
    {
        var error = Assert.Throws<InferenceException>(() => Parse(json)).Error;

        Assert.Equal(Catalogue.ModelParameterInvalid, error.Kind);
        Assert.Equal(("m", option, expected, message), (error.Facts["model"], error.Facts["option"], error.Facts["expected_type"], error.Message));
    }

    [Theory]
    [InlineData("""{"num_ctx":2048.7}""", 2048)]
    [InlineData("""{"num_ctx":-0.5}""", 0)]
    [InlineData("""{"num_ctx":1e99}""", int.MaxValue)]
    public void Parse_Fraction_IsCutOff(string json, int expected) => Assert.Equal(expected, Parse(json).Load.NumCtx);

    [Fact]
    public void Parse_Null_IsAsIfAbsent() => Assert.False(Parse("""{"top_k":null}""").Sampling.HasTopK);

    [Fact]
    public void Parse_UnknownNames_AreTold() => Assert.Equal(["mirostat", "TOP_K"], Parse("""{"mirostat":2,"top_p":1,"TOP_K":3}""").Unknown);

    [Fact]
    public void Parse_Nothing_IsNothing() => Assert.Equal(new(), StoredParameters.Parse(null, "m").Sampling);

    private static StoredParameters Parse(string json) => StoredParameters.Parse(JsonDocument.Parse(json).RootElement, "m");
}
