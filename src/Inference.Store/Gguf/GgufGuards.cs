using Inference.Errors;

namespace Inference.Store.Gguf;

/// <summary>
/// What has to be known about a GGUF file, be it a model, an adapter or a projector, before the engine opens it: of all that can be
/// wrong, this ends the process instead of failing the call, or shows only after minutes of loading. Reads the header once.
/// </summary>
public static class GgufGuards
{
    /// <exception cref="GgufException">The file would harm the engine, or lacks data.</exception>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    public static void Check(string path)
    {
        using var source = GgufSource.Open(path);
        var file = new GgufReader(source, GgufDetail.Header, checkVocabulary: true).Read();
        GgufKeyGuards.Check(file);
        CheckTensors(file);
    }

    // gguf.cpp wants the tensors one behind the other, in the order of the list, each rounded up to the alignment.
    private static void CheckTensors(GgufFile file)
    {
        UInt128 place = 0;
        foreach (var tensor in file.Tensors)
        {
            var name = GoQuote.Quote(tensor.Name);
            if (tensor.SizeBytes < 0)
            {
                throw new GgufException($"tensor {name} has rows that are no whole blocks of {tensor.Type}");
            }

            if (tensor.Offset != place)
            {
                throw new GgufException($"tensor {name} lies at {tensor.Offset}, not at {place}");
            }

            if ((UInt128)file.DataOffset + place + (ulong)tensor.SizeBytes > (ulong)file.SizeBytes)
            {
                throw new GgufException($"tensor {name} reaches beyond the end of the file");
            }

            var alignment = (ulong)file.Alignment;
            place = (place + (ulong)tensor.SizeBytes + alignment - 1) / alignment * alignment;
        }
    }
}
