using System.Buffers.Binary;

namespace Inference.Services.Requests;

/// <summary>The container of a WebP image: RIFF chunks, as golang.org/x/image/riff and webp read them up to the picture itself, in their words.</summary>
internal static class WebpFile
{
    private const int ChunkHeader = 8;
    private const int FileHeader = 12;

    /// <summary>What is wrong with it; null if nothing is up to the first chunk with a picture, or if it is no WebP image at all.</summary>
    public static string? Problem(ReadOnlySpan<byte> file)
    {
        // net/http, sniff.go: RIFF????WEBPVP.
        if (file.Length < FileHeader + 2 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WEBPVP"u8))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        return length < 4 ? "riff: short chunk data" : Chunks(file[FileHeader..], length - 4);
    }

    private static string? Chunks(ReadOnlySpan<byte> rest, uint declared)
    {
        while (declared > 0)
        {
            if (declared < ChunkHeader || rest.Length < ChunkHeader)
            {
                return "riff: short chunk header";
            }

            var id = rest[..4];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            declared -= ChunkHeader;
            rest = rest[ChunkHeader..];
            if (length > declared)
            {
                return "riff: list subchunk too long";
            }

            if (id.SequenceEqual("VP8 "u8) || id.SequenceEqual("VP8L"u8))
            {
                return length > int.MaxValue ? "webp: invalid format" : length > rest.Length ? "unexpected EOF" : null;
            }

            if (id.SequenceEqual("VP8X"u8) && length != 10)
            {
                return "webp: invalid format";
            }

            if (length > rest.Length)
            {
                return "riff: short chunk data";
            }

            declared -= length;
            rest = rest[(int)length..];
            if ((length & 1) == 0)
            {
                continue;
            }

            // Chunks of odd length end with a byte more.
            if (declared == 0 || rest.IsEmpty)
            {
                return declared == 0 ? "riff: list subchunk too long" : "riff: missing padding byte";
            }

            declared--;
            rest = rest[1..];
        }

        return "webp: invalid format"; // no picture
    }
}
