using System.Text;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;
using Inference.V1;

namespace Inference.UnitTests.Facade.Ollama;

public sealed class OllamaOptionsTests
{
    [Fact]
    public void From_EveryOption_IsTaken()
    {
        var options = Mapped("""
            {"num_ctx":2048.7,"num_batch":128,"num_gpu":-1,"main_gpu":1,"use_mmap":false,"num_thread":3,"draft_num_predict":2,"num_keep":5,"seed":42,
             "num_predict":7,"top_k":10,"top_p":0.5,"min_p":0.1,"typical_p":0.9,"repeat_last_n":-1,"temperature":0.25,"repeat_penalty":1.5,
             "presence_penalty":-1,"frequency_penalty":2,"stop":["a","","b"],"mirostat":null}
            """);
        Assert.Null(options.Problem);
        Assert.Empty(options.Warnings);
        Assert.Equal(
            new LoadOptions { NumCtx = 2048, NumBatch = 128, NumGpu = -1, MainGpu = 1, UseMmap = false, NumThread = 3, DraftNumPredict = 2 },
            options.Load);
        Assert.Equal(
            new SamplingOptions
            {
                NumKeep = 5, Seed = 42, NumPredict = 7, TopK = 10, TopP = 0.5f, MinP = 0.1f, TypicalP = 0.9f, RepeatLastN = -1, Temperature = 0.25f,
                RepeatPenalty = 1.5f, PresencePenalty = -1, FrequencyPenalty = 2, Stop = new StopSequences { Sequences = { "a", "", "b" } },
            },
            options.Sampling);
    }

    [Theory]
    [InlineData("num_ctx", "\"x\"", "option \"num_ctx\" must be of type integer")]
    [InlineData("seed", "true", "option \"seed\" must be of type integer")]
    [InlineData("num_predict", "[]", "option \"num_predict\" must be of type integer")]
    [InlineData("main_gpu", "{}", "option \"main_gpu\" must be of type integer")]
    [InlineData("temperature", "\"hot\"", "option \"temperature\" must be of type float32")]
    [InlineData("use_mmap", "1", "option \"use_mmap\" must be of type boolean")]
    [InlineData("stop", "\"x\"", "option \"stop\" must be of type array")]
    [InlineData("stop", "[1]", "option \"stop\" must be of an array of strings")]
    public void From_WrongType_IsAProblem(string name, string value, string expected) =>
        Assert.Equal(expected, Mapped($"{{\"{name}\":{value}}}").Problem?.Message);

    [Fact]
    public void From_SeveralWrongTypes_TellsTheFirst() =>
        Assert.Equal("option \"top_k\" must be of type integer", Mapped("""{"top_k":"a","temperature":"b"}""").Problem?.Message);

    [Theory]
    [InlineData("mirostat", "1")]
    [InlineData("NUM_CTX", "1")]
    public void From_UnknownOption_Warns(string name, string value)
    {
        var options = Mapped($"{{\"{name}\":{value}}}");
        Assert.Null(options.Problem);
        Assert.Equal((WarningReason.OptionUnknown, name), (options.Warnings.Single().Reason, options.Warnings.Single().Metadata["option"]));
    }

    [Theory]
    [InlineData("num_ctx", "-5", "4")]
    [InlineData("num_ctx", "1", "4")]
    [InlineData("num_gpu", "-7", "-1")]
    [InlineData("num_batch", "0", "1")]
    [InlineData("top_k", "-1", "0")]
    [InlineData("num_keep", "1e300", "2147483647")]
    [InlineData("temperature", "-1", "0")]
    [InlineData("top_p", "1.5", "1")]
    [InlineData("frequency_penalty", "-3", "-2")]
    [InlineData("presence_penalty", "1e300", "2")]
    public void From_OutOfRange_IsMovedAndWarns(string name, string value, string effective)
    {
        var warning = Mapped($"{{\"{name}\":{value}}}").Warnings.Single();
        Assert.Equal((WarningReason.OptionClamped, name, effective), (warning.Reason, warning.Metadata["option"], warning.Metadata["effective"]));
    }

    [Theory]
    [InlineData("num_predict", 0, -1)]
    [InlineData("num_predict", -2, -1)]
    [InlineData("seed", -1, -1)]
    [InlineData("seed", -2, 4_294_967_294)]
    [InlineData("seed", 4_294_967_297, 1)]
    [InlineData("num_ctx", 0, 0)]
    public void From_AnotherSpelling_MeansTheSameAndDoesNotWarn(string name, long value, long expected)
    {
        var options = Mapped($"{{\"{name}\":{value}}}");
        Assert.Empty(options.Warnings);
        Assert.Equal(expected, name switch { "seed" => options.Sampling.Seed, "num_ctx" => options.Load.NumCtx, _ => options.Sampling.NumPredict });
    }

    private static OllamaOptions Mapped(string options)
    {
        var call = new GenerateCall();
        OllamaBody.Decode(Encoding.UTF8.GetBytes($"{{\"options\":{options}}}"), GenerateCall.Shape, call);
        return OllamaOptions.From(call.Options);
    }
}
