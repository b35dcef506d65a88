using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Inference.ContractTests.Contract;

/// <summary>The contract as a program of any language reads it: the descriptor set that the build makes and ships.</summary>
internal static class DescriptorSet
{
    public const string Package = "inference.v1";

    private static readonly ExtensionRegistry Extensions = [Google.Api.AnnotationsExtensions.Http, Google.Api.FieldBehaviorExtensions.FieldBehavior, V1.ErrorsExtensions.Reason];

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "inference.binpb");

    public static FileDescriptorSet Proto { get; } = FileDescriptorSet.Parser.WithExtensionRegistry(Extensions).ParseFrom(File.ReadAllBytes(Path));

    /// <summary>Every file of the set, linked.</summary>
    public static IReadOnlyList<FileDescriptor> Files { get; } =
        FileDescriptor.BuildFromByteStrings(Proto.File.Select(f => f.ToByteString()), Extensions).ToList();

    /// <summary>Our own files.</summary>
    public static IReadOnlyList<FileDescriptor> Own { get; } = [.. Files.Where(f => f.Package == Package)];

    public static IEnumerable<ServiceDescriptor> Services => Own.SelectMany(f => f.Services);

    public static IEnumerable<MethodDescriptor> Methods => Services.SelectMany(s => s.Methods);

    public static IEnumerable<EnumDescriptor> Enums => Own.SelectMany(f => f.EnumTypes.Concat(f.MessageTypes.SelectMany(Nested).SelectMany(m => m.EnumTypes)));

    public static IEnumerable<MessageDescriptor> Messages => Own.SelectMany(f => f.MessageTypes).SelectMany(Nested).Where(m => m.GetOptions()?.MapEntry != true);

    public static MessageDescriptor Message(string name) => Messages.Single(m => m.FullName == $"{Package}.{name}");

    public static EnumDescriptor Enum(string name) => Enums.Single(e => e.FullName == $"{Package}.{name}");

    private static IEnumerable<MessageDescriptor> Nested(MessageDescriptor message) => message.NestedTypes.SelectMany(Nested).Prepend(message);
}
