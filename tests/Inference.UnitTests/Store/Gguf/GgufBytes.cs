using System.Text;
using Inference.Store.Gguf;

namespace Inference.UnitTests.Store.Gguf;

/// <summary>Writes a GGUF file, right or wrong.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte[]> _keys = [];
    private readonly List<byte[]> _tensors = [];

    public uint Magic { get; set; } = 0x46554747;

    public uint Version { get; set; } = 3;

    public ulong? KeyCount { get; set; }

    public ulong? TensorCount { get; set; }

    /// <summary>Bytes behind the header.</summary>
    public int DataBytes { get; set; }

    public GgufBytes Add(string key, GgufType type, params object[] values) => Raw(key, (uint)type, writer =>
    {
        foreach (var value in values)
        {
            Write(writer, value);
        }
    });

    public GgufBytes AddArray(string key, GgufType elementType, params object[] values) => Raw(key, (uint)GgufType.Array, writer =>
    {
        writer.Write((uint)elementType);
        writer.Write((ulong)values.Length);
        foreach (var value in values)
        {
            Write(writer, value);
        }
    });

    public GgufBytes Raw(string key, uint type, Action<BinaryWriter> value)
    {
        _keys.Add(Bytes(writer =>
        {
            Write(writer, key);
            writer.Write(type);
            value(writer);
        }));
        return this;
    }

    public GgufBytes Tensor(string name, uint type, ulong offset, params ulong[] shape)
    {
        _tensors.Add(Bytes(writer =>
        {
            Write(writer, name);
            writer.Write((uint)shape.Length);
            Array.ForEach(shape, writer.Write);
            writer.Write(type);
            writer.Write(offset);
        }));
        return this;
    }

    public byte[] ToArray() => Bytes(writer =>
    {
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(TensorCount ?? (ulong)_tensors.Count);
        writer.Write(KeyCount ?? (ulong)_keys.Count);
        _keys.ForEach(writer.Write);
        _tensors.ForEach(writer.Write);
        if (DataBytes > 0)
        {
            writer.Write(new byte[(32 - (writer.BaseStream.Position % 32)) % 32]);
            writer.Write(new byte[DataBytes]);
        }
    });

    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        write(writer);
        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                Write(writer, Encoding.UTF8.GetBytes(text));
                break;
            case byte[] bytes:
                writer.Write((ulong)bytes.Length);
                writer.Write(bytes);
                break;
            case byte n:
                writer.Write(n);
                break;
            case sbyte n:
                writer.Write(n);
                break;
            case ushort n:
                writer.Write(n);
                break;
            case short n:
                writer.Write(n);
                break;
            case uint n:
                writer.Write(n);
                break;
            case int n:
                writer.Write(n);
                break;
            case ulong n:
                writer.Write(n);
                break;
            case long n:
                writer.Write(n);
                break;
            case float n:
                writer.Write(n);
                break;
            case double n:
                writer.Write(n);
                break;
            case bool n:
                writer.Write(n);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value));
        }
    }
}

/// <summary>Bytes in a file of their own, gone with the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] bytes) => File.WriteAllBytes(Path, bytes);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
