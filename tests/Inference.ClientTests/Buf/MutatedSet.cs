using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Inference.ClientTests.Buf;

/// <summary>The descriptor set with one thing changed, in a file of its own.</summary>
internal sealed class MutatedSet : IDisposable
{
    public MutatedSet(Action<FileDescriptorSet> change)
    {
        var set = FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(Buf.Contract));
        change(set);
        File.WriteAllBytes(Path, set.ToByteArray());
    }

    // buf tells what a file is by the end of its name.
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"inference-{Guid.NewGuid():n}.binpb");

    public void Dispose() => File.Delete(Path);
}

internal static class FileDescriptorSetExtensions
{
    public static FileDescriptorProto Own(this FileDescriptorSet set, string name) => set.File.Single(f => f.Name == $"inference/v1/{name}.proto");
}
