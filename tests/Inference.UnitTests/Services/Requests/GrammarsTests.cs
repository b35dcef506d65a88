using Inference.Errors;
using Inference.Llama;
using Inference.Services.Requests;
using Inference.TestKit;
using Inference.V1;

namespace Inference.UnitTests.Services.Requests;

public sealed class GrammarsTests
{
    [Fact]
    public void Of_Choice_IsLiteralsWordForWord() => Assert.Equal(
        """root ::= "yes" | "a \"b\" \\ c" | "line\x0Atab\x09é"  """.TrimEnd(),
        Grammars.Of(new OutputFormat { Choice = new() { Choices = { "yes", "a \"b\" \\ c", "line\ntab\té" } } }));

    [Fact]
    public void Of_JsonAndChoices_AreGrammarsToLlamaCpp()
    {
        using var model = LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters { GpuLayers = 0 });
        foreach (var format in new[] { new OutputFormat { Json = new() }, new OutputFormat { Choice = new() { Choices = { "yes", "a \"b\" \\ c", "line\ntab\té" } } } })
        {
            using var chain = new SamplerChain(model, new SamplingParameters { Grammar = Grammars.Of(format) });
        }
    }

    [Theory]
    [InlineData("format.json_schema")]
    [InlineData("format.regex")]
    public void Of_WhatIsNotHere_SaysSo(string feature)
    {
        var format = feature.EndsWith("regex", StringComparison.Ordinal) ? new OutputFormat { Regex = "a+" } : new OutputFormat { JsonSchema = "{}" };

        var error = Assert.Throws<InferenceException>(() => Grammars.Of(format)).Error;

        Assert.Equal((Catalogue.FeatureUnsupported, feature), (error.Kind, error.Facts["feature"]));
    }

    public static TheoryData<string, OutputFormat> Wrong => new()
    {
        { "format.kind", new() },
        { "format.gbnf", new() { Gbnf = "" } },
        { "format.json_schema", new() { JsonSchema = "" } },
        { "format.regex", new() { Regex = "" } },
        { "format.choice.choices", new() { Choice = new() } },
        { "format.choice.choices[1]", new() { Choice = new() { Choices = { "a", "" } } } },
        { "format.choice.choices[2]", new() { Choice = new() { Choices = { "a", "b", "a" } } } },
        { "format.choice.choices", new() { Choice = new() { Choices = { Enumerable.Range(0, 1025).Select(static i => $"{i}") } } } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Check_Wrong_NamesTheField(string field, OutputFormat format)
    {
        var errors = new FieldErrors();
        format.Check(errors);

        Assert.Equal(field, Assert.Throws<InferenceException>(errors.Check).Error.Facts["field"]);
    }
}
