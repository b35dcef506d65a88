using Google.Api;
using Google.Protobuf.Reflection;
using Inference.ContractTests.House;

namespace Inference.ContractTests.Contract;

/// <summary>One rule to learn: what several requests share has one name, one number and one type.</summary>
public sealed class FieldTests
{
    private static readonly string[] Sharing = ["GenerateRequest", "ChatRequest", "EmbedRequest", "RerankRequest"];

    [Fact]
    public void SharedFields_HaveOneNumberAndOneType_InEveryRequest() => Offences.None(
        from field in Sharing.SelectMany(m => DescriptorSet.Message(m).Fields.InDeclarationOrder())
        where field.FieldNumber is >= 20 and <= 31
        group field by field.FieldNumber into g
        where g.Select(f => (f.Name, Type(f))).Distinct().Count() > 1
        select string.Join(", ", g.Select(f => $"{f.FullName} = {f.FieldNumber}: {Type(f)}")));

    [Fact]
    public void SharedFields_KeepTheirName_WhereTheyKeepTheirNumber() => Offences.None(
        from field in Sharing.SelectMany(m => DescriptorSet.Message(m).Fields.InDeclarationOrder())
        group field by field.Name into g
        where g.Any(f => f.FieldNumber is >= 20 and <= 31) && g.Select(f => f.FieldNumber).Distinct().Count() > 1
        select string.Join(", ", g.Select(f => $"{f.FullName} = {f.FieldNumber}")));

    [Fact]
    public void GenerateAndChat_ShareAllOfThem()
    {
        var numbers = Enumerable.Range(20, 12);
        Assert.Equal(numbers, DescriptorSet.Message("GenerateRequest").Fields.InFieldNumberOrder().Select(f => f.FieldNumber).Where(n => n >= 20));
        Assert.Equal(numbers, DescriptorSet.Message("ChatRequest").Fields.InFieldNumberOrder().Select(f => f.FieldNumber).Where(n => n >= 20));
    }

    [Fact]
    public void GenerateAndChat_AnswerAlike() =>
        Assert.Equal(
            DescriptorSet.Message("GenerateResponse").Fields.InFieldNumberOrder().Select(f => (f.FieldNumber, f.Name, Type(f), f.ContainingOneof?.Name)),
            DescriptorSet.Message("ChatResponse").Fields.InFieldNumberOrder().Select(f => (f.FieldNumber, f.Name, Type(f), f.ContainingOneof?.Name)));

    // A token costs its text and two bytes: the text is field 1 of the message itself.
    [Theory]
    [InlineData("GenerateResponse")]
    [InlineData("ChatResponse")]
    public void Text_OfAToken_CostsTwoBytes(string message)
    {
        var text = DescriptorSet.Message(message).FindFieldByNumber(1);
        Assert.Equal(("text", FieldType.String, "event"), (text.Name, text.FieldType, text.ContainingOneof.Name));
    }

    [Fact]
    public void Models_AreFieldOne_AndRequired_WhereverACallNamesOne() => Offences.None(
        from method in DescriptorSet.Methods
        let field = method.InputType.FindFieldByName("model")
        where field is not null
        where field.FieldNumber != 1 || field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(FieldBehavior.Required) != true
        select field.FullName);

    [Fact]
    public void Messages_OfCalls_BelongToOneCall() => Offences.None(
        DescriptorSet.Methods.SelectMany(m => new[] { (m.InputType.Name, Wanted: $"{m.Name}Request"), (m.OutputType.Name, Wanted: $"{m.Name}Response") })
            .Where(m => m.Name != m.Wanted).Select(m => $"{m.Name}, not {m.Wanted}"));

    private static string Type(FieldDescriptor field) =>
        $"{(field.IsRepeated ? "repeated " : "")}{(field.HasPresence ? "present " : "")}{field.FieldType} {(field.FieldType is FieldType.Message ? field.MessageType.FullName : field.FieldType is FieldType.Enum ? field.EnumType.FullName : "")}";
}
