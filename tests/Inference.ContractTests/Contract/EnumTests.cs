using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Inference.ContractTests.House;
using Inference.Errors;
using Inference.V1;

namespace Inference.ContractTests.Contract;

/// <summary>Enums read the same everywhere, and a reason carries its facts.</summary>
public sealed partial class EnumTests
{
    [Fact]
    public void Values_CarryTheNameOfTheirEnum() => Offences.None(
        from value in DescriptorSet.Enums.SelectMany(e => e.Values)
        where !value.Name.StartsWith($"{Shout(value.EnumDescriptor.Name)}_", StringComparison.Ordinal)
        select value.FullName);

    [Fact]
    public void Zero_IsUnspecified_AndNothingElseIs() => Offences.None(
        from value in DescriptorSet.Enums.SelectMany(e => e.Values)
        where value.Name.EndsWith("_UNSPECIFIED", StringComparison.Ordinal) != (value.Number == 0)
        select value.FullName);

    [Fact]
    public void ErrorReasons_StateTheirFacts() => Offences.None(
        from value in Reasons(DescriptorSet.Enum(nameof(ErrorReason)))
        let spec = Spec(value)
        where spec is null || spec.Code is Code.Ok || !Enum.IsDefined(spec.Code) || spec.Metadata.Any(k => !Key().IsMatch(k))
        select value.Name);

    // Retryable and a code that tells clients not to retry would contradict each other.
    [Fact]
    public void ErrorReasons_AreRetryable_OnlyUnderCodesThatClientsRetry() => Offences.None(
        from value in Reasons(DescriptorSet.Enum(nameof(ErrorReason)))
        let spec = Spec(value)
        where spec?.Retryable == true && spec.Code is not (Code.Unavailable or Code.ResourceExhausted)
        select value.Name);

    [Fact]
    public void WarningReasons_StateTheirKeys_AndNoCode() => Offences.None(
        from value in Reasons(DescriptorSet.Enum(nameof(WarningReason)))
        let spec = Spec(value)
        where spec is null || spec.Code != Code.Ok || spec.Retryable || spec.Metadata.Count == 0
        select value.Name);

    // AIP-193: at most 63 characters, UPPER_SNAKE.
    [Fact]
    public void Reasons_FitAnErrorInfo() => Offences.None(
        from value in Reasons(DescriptorSet.Enum(nameof(ErrorReason))).Concat(Reasons(DescriptorSet.Enum(nameof(WarningReason))))
        let reason = value.Name[(Shout(value.EnumDescriptor.Name).Length + 1)..]
        where reason.Length > 63 || !Reason().IsMatch(reason)
        select value.Name);

    [Fact]
    public void ErrorReasons_AreTheCatalogue()
    {
        var contract = from value in Reasons(DescriptorSet.Enum(nameof(ErrorReason)))
                       let spec = Spec(value)
                       select $"{value.Name["ERROR_REASON_".Length..]} {(int)spec.Code} {string.Join(' ', spec.Metadata)}";
        var catalogue = from kind in Catalogue.All select $"{kind.Reason} {(int)kind.Code} {string.Join(' ', kind.Keys)}";
        Assert.Equal(contract.Order(StringComparer.Ordinal), catalogue.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<EnumValueDescriptor> Reasons(EnumDescriptor of) => of.Values.Where(v => v.Number != 0);

    private static ReasonSpec Spec(EnumValueDescriptor value) => value.GetOptions()?.GetExtension(ErrorsExtensions.Reason)!;

    private static string Shout(string name) => Hump().Replace(name, "_$0").TrimStart('_').ToUpperInvariant();

    [GeneratedRegex("(?<=[a-z])[A-Z]|(?<!^)[A-Z](?=[a-z])")]
    private static partial Regex Hump();

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex Key();

    [GeneratedRegex("^[A-Z][A-Z0-9_]+[A-Z0-9]$")]
    private static partial Regex Reason();
}
