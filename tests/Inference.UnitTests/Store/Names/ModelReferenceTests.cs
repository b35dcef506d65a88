using Inference.Errors;
using Inference.Store.Names;

namespace Inference.UnitTests.Store.Names;

public sealed class ModelReferenceTests
{
    [Theory]
    [InlineData("m", "m:latest", ModelSource.Unspecified)]
    [InlineData("m:local", "m:latest", ModelSource.Local)]
    [InlineData("m:LOCAL", "m:latest", ModelSource.Local)]
    [InlineData("m:7b:local", "m:7b", ModelSource.Local)]
    [InlineData("m:cloud", "m:latest", ModelSource.Cloud)]
    [InlineData("m:7b-cloud", "m:7b", ModelSource.Cloud)]
    [InlineData("m: Cloud ", "m:latest", ModelSource.Cloud)]
    [InlineData("m-cloud", "m-cloud:latest", ModelSource.Unspecified)]
    [InlineData("h:1/x/m-cloud", "h:1/x/m-cloud:latest", ModelSource.Unspecified)]
    [InlineData("\t m \u00a0", "m:latest", ModelSource.Unspecified)]
    public void Parse_Suffix_IsTakenOff(string text, string display, ModelSource source)
    {
        var reference = ModelReference.Parse(text);

        Assert.Equal(display, reference.Name.DisplayName);
        Assert.Equal(source, reference.Source);
        Assert.Equal(text.Trim(), reference.Requested);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\u2003\n")]
    public void Parse_Blank_NamesTheField(string text)
    {
        var error = Assert.Throws<InferenceException>(() => ModelReference.Parse(text, "source")).Error;

        Assert.Same(Catalogue.FieldRequired, error.Kind);
        Assert.Equal("source is required", error.Message);
    }

    [Theory]
    [InlineData("a:cloud:local")]
    [InlineData("a:local:cloud")]
    [InlineData("a:cloud:cloud")]
    [InlineData("x:1b-cloud:local")]
    public void Parse_TwoSuffixes_Conflict(string text)
    {
        var error = Assert.Throws<InferenceException>(() => ModelReference.Parse($" {text} ")).Error;

        Assert.Same(Catalogue.ModelSourceConflict, error.Kind);
        Assert.Equal($"use either :local or :cloud, not both: \"{text}\"", error.Message);
    }

    [Theory]
    [InlineData(":cloud")]
    [InlineData(":local")]
    [InlineData("a b")]
    [InlineData("m:-cloud")]
    public void Parse_InvalidName_SaysWhichAndWhere(string text)
    {
        var error = Assert.Throws<InferenceException>(() => ModelReference.Parse(text, "destination")).Error;

        Assert.Same(Catalogue.ModelNameInvalid, error.Kind);
        Assert.Equal(text, error.Facts["model"]);
        Assert.Equal("destination", error.Facts["field"]);
    }
}
