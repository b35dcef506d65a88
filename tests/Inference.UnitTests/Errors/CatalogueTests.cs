using Google.Protobuf.Reflection;
using Inference.Errors;
using Inference.Services;
using Inference.V1;

namespace Inference.UnitTests.Errors;

/// <summary>The catalogue and <c>errors.proto</c> say the same.</summary>
public sealed class CatalogueTests
{
    private const string Prefix = "ERROR_REASON_";

    private static readonly Dictionary<string, ReasonSpec> Specs = Values(nameof(ErrorReason)).ToDictionary(static v => v.Name[Prefix.Length..], static v => v.GetOptions().GetExtension(ErrorsExtensions.Reason));

    public static TheoryData<string> Reasons => [.. Specs.Keys];

    [Fact]
    public void All_AreTheReasonsOfTheContract() =>
        Assert.Equal(Specs.Keys.Order(StringComparer.Ordinal), Catalogue.All.Select(static k => k.Reason).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Entry_HasCodeKeysAndRetryOfTheContract(string reason)
    {
        var (spec, kind) = (Specs[reason], Catalogue.Find(reason)!);
        Assert.Equal((int)spec.Code, (int)kind.Code);
        Assert.Equal(spec.Metadata, kind.Keys);
        Assert.Equal(spec.Retryable, kind.RetryAfter is not null);
        Assert.InRange(reason.Length, 1, 63);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Entry_MakesAStatusThatReadsBack(string reason)
    {
        var kind = Catalogue.Find(reason)!;
        var thrown = kind.For([.. kind.Keys.Select(static k => (object)$"«{k}»")]);

        var status = thrown.Error.ToStatus();
        var back = Error.FromStatus(status)!;

        Assert.Same(kind, back.Kind);
        Assert.Equal(thrown.Error.Facts.Values, back.Facts.Values);
        Assert.Equal(thrown.Error.Message, back.Message);
        Assert.Equal(status.Message, back.Message);
        Assert.NotEmpty(status.Message);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Entry_StaysUnderFourKibibytesWhateverItsFacts(string reason)
    {
        var kind = Catalogue.Find(reason)!;
        var status = kind.For([.. kind.Keys.Select(static _ => (object)new string('ö', 10_000))]).Error.ToStatus().Fitted();

        Assert.InRange(status.CalculateSize(), 1, 4096);
        Assert.Same(kind, Error.FromStatus(status)!.Kind);
    }

    [Fact]
    public void ManyViolations_StayUnderFourKibibytesAndKeepTheFirst()
    {
        var errors = new FieldErrors();
        for (var i = 0; i < 1000; i++)
        {
            errors.Invalid($"messages[{i}].content[0].text", new string('x', 500), "must be something quite different from what it is");
        }

        var status = Assert.Throws<InferenceException>(errors.Check).Error.ToStatus().Fitted();

        Assert.InRange(status.CalculateSize(), 1, 4096);
        var shown = status.Details.Select(static d => d.TryUnpack<Google.Rpc.BadRequest>(out var bad) ? bad : null).OfType<Google.Rpc.BadRequest>().Single();
        Assert.Equal("messages[0].content[0].text", shown.FieldViolations[0].Field);
    }

    [Fact]
    public void Fitted_OneLongFact_KeepsTheOthersWhole()
    {
        var status = Catalogue.ModelSourceConflict.For(new string('m', 2_000)).Error.ToStatus();
        Assert.Equal(2_000, Error.FromStatus(status.Fitted())!.Facts["model"].Length);

        var damaged = Catalogue.ModelCorrupt.For(new string('m', 400), "sha256:0", new string('d', 9_000)).Error.ToStatus().Fitted();
        var facts = Error.FromStatus(damaged)!.Facts;
        Assert.Equal((400, "sha256:0"), (facts["model"].Length, facts["digest"]));
        Assert.InRange(facts["detail"].Length, 1_000, 3_000);
    }

    [Fact]
    public void Fitted_WhatFits_IsTheSame()
    {
        var status = Catalogue.ServerBusy.For(1, 1).Error.ToStatus();
        Assert.Same(status, status.Fitted());
    }

    [Fact]
    public void WarningCatalogue_HasTheKeysOfTheContract()
    {
        Warning[] all =
        [
            WarningCatalogue.PromptTruncated(1, 2, 3), WarningCatalogue.InputTruncated(1, 2), WarningCatalogue.ContextShifted(1, 2), WarningCatalogue.ContextReduced(1, 2),
            WarningCatalogue.OptionUnknown("x"), WarningCatalogue.OptionIgnored("x", "y"), WarningCatalogue.OptionClamped("x", 1.5, 1), WarningCatalogue.FieldIgnored("x"),
            WarningCatalogue.ThinkingIgnored("x"), WarningCatalogue.FormatRelaxed("/a", "x"), WarningCatalogue.ToolCallUnparsed("x"), WarningCatalogue.OffloadReduced(1, 0),
            WarningCatalogue.DraftDisabled("x"), WarningCatalogue.ParameterInvalid("x", "integer"), WarningCatalogue.PruneFailed("x"),
        ];

        Assert.Equal(Enum.GetValues<WarningReason>().Where(static r => r is not WarningReason.Unspecified), all.Select(static w => w.Reason).Order());
        foreach (var warning in all)
        {
            var spec = Values(nameof(WarningReason)).Single(v => v.Number == (int)warning.Reason).GetOptions().GetExtension(ErrorsExtensions.Reason);
            Assert.Equal(spec.Metadata.Order(StringComparer.Ordinal), warning.Metadata.Keys.Order(StringComparer.Ordinal));
            Assert.NotEmpty(warning.Message);
            Assert.DoesNotContain(warning.Metadata.Values, static v => v.Contains(','));
        }
    }

    private static IEnumerable<EnumValueDescriptor> Values(string name) =>
        ErrorsReflection.Descriptor.EnumTypes.Single(e => e.Name == name).Values.Where(static v => v.Number != 0);
}
