using System.Text.Json;
using Inference.Errors;
using Inference.Server.Commands;
using Inference.TestKit;

namespace Inference.UnitTests.Server.Commands;

/// <summary>The published catalogue is the catalogue.</summary>
public sealed class ErrorsCommandTests
{
    /// <summary>UPDATE_GOLDEN=1 writes the file anew.</summary>
    [Fact]
    public void Json_IsThePublishedFile() => IsPublished("protos/errors.json", ErrorsCommand.Json());

    /// <summary>UPDATE_GOLDEN=1 writes the file anew.</summary>
    [Fact]
    public void Markdown_IsThePublishedPage() => IsPublished("protos/ERRORS.md", ErrorsCommand.Markdown());

    [Fact]
    public void Json_HasEveryReasonOnceWithItsCode()
    {
        var listed = JsonDocument.Parse(ErrorsCommand.Json()).RootElement.GetProperty("errors").EnumerateArray().ToDictionary(
            static e => e.GetProperty("reason").GetString()!, static e => e.GetProperty("grpcStatus").GetInt32());
        Assert.Equal(Catalogue.All.Count, listed.Count);
        Assert.All(Catalogue.All, kind => Assert.Equal((int)kind.Code, listed[kind.Reason]));
    }

    // A text that hides a fact from the page would be read as the whole truth.
    [Fact]
    public void Message_OfEveryEntry_NamesOnlyFactsThatAreAlwaysThere() =>
        Assert.All(CatalogueListing.Entries(), static e => Assert.DoesNotContain("''", e.Message));

    private static void IsPublished(string path, string expected)
    {
        var file = Path.Combine(Places.Root, path);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, expected);
        }

        Assert.Equal(expected, File.ReadAllText(file));
    }
}
