using Google.Protobuf;
using Google.Protobuf.Reflection;
using Inference.ContractTests.House;

namespace Inference.ContractTests.Contract;

/// <summary>The descriptor set is complete and says what the compiled code says.</summary>
public sealed class DescriptorSetTests
{
    private static readonly FileDescriptor[] Compiled =
        [V1.ConversationReflection.Descriptor, V1.ErrorsReflection.Descriptor, V1.GenerationReflection.Descriptor, V1.InferenceReflection.Descriptor, V1.ModelsReflection.Descriptor, V1.OptionsReflection.Descriptor, V1.ServerReflection.Descriptor];

    [Fact]
    public void Set_HoldsTheServices_AllThree() =>
        Assert.Equal(["InferenceService", "ModelService", "ServerService"], DescriptorSet.Services.Select(s => s.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Set_HoldsEveryFileOfTheContract()
    {
        var files = Tree.Files.Where(f => f.StartsWith("protos/", StringComparison.Ordinal) && f.EndsWith(".proto", StringComparison.Ordinal)).Select(f => f["protos/".Length..]);
        Assert.Equal(files.Order(StringComparer.Ordinal), DescriptorSet.Own.Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    // Proxies decode error details with nothing but this file.
    [Fact]
    public void Set_HoldsTheErrorDetails() =>
        Assert.Contains(DescriptorSet.Files, f => f.Name == "google/rpc/error_details.proto");

    [Fact]
    public void Set_IsWhatTheServerWasCompiledFrom()
    {
        foreach (var file in Compiled)
        {
            Assert.Equal(Plain(file.SerializedData), Bare(Plain(DescriptorSet.Proto.File.Single(f => f.Name == file.Name).ToByteString())));
        }

        Assert.Equal(Compiled.Select(f => f.Name).Order(StringComparer.Ordinal), DescriptorSet.Own.Select(f => f.Name).Order(StringComparer.Ordinal));
    }

    // Generated code leaves out comments, and the JSON names that follow from the names.
    private static FileDescriptorProto Bare(FileDescriptorProto file)
    {
        file.SourceCodeInfo = null;
        foreach (var field in file.MessageType.SelectMany(Nested).SelectMany(m => m.Field).Concat(file.Extension))
        {
            field.ClearJsonName();
        }

        return file;
    }

    private static FileDescriptorProto Plain(ByteString file) => FileDescriptorProto.Parser.ParseFrom(file);

    private static IEnumerable<DescriptorProto> Nested(DescriptorProto message) => message.NestedType.SelectMany(Nested).Prepend(message);

    // The comments are the manual, also for who has only this file.
    [Fact]
    public void Set_HoldsTheComments() => Offences.None(
        DescriptorSet.Methods.Where(m => string.IsNullOrWhiteSpace(m.Declaration?.LeadingComments)).Select(m => m.FullName)
            .Concat(DescriptorSet.Messages.SelectMany(m => m.Fields.InDeclarationOrder()).Where(f => string.IsNullOrWhiteSpace(f.Declaration?.LeadingComments)).Select(f => f.FullName)));
}
