using System.Buffers;
using System.Runtime.InteropServices;
using Inference.Errors;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Inference.Facade.Passthrough;

/// <summary>A body that was packed with zstd. What is wrong with it is said in the words of the Go package that unpacks it there.</summary>
internal static class ZstdBody
{
    // server/cloud_proxy.go: maxDecompressedBodySize.
    private const int LargestBody = 20 << 20;

    // The decoder's memory there, 8 MiB; what asks for a larger window is refused.
    private const int LargestWindowLog = 23;

    /// <exception cref="InferenceException">REQUEST_MALFORMED, REQUEST_TOO_LARGE.</exception>
    public static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> packed)
    {
        MemoryMarshal.TryGetArray(packed, out var bytes);
        var body = new ArrayBufferWriter<byte>(Math.Min(LargestBody, 4 * packed.Length + 256));
        try
        {
            using var source = new MemoryStream(bytes.Array ?? [], bytes.Offset, bytes.Count);
            using var stream = new DecompressionStream(source, checkEndOfStream: true);
            stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindowLog);
            while (stream.Read(body.GetSpan(1 << 16)) is var read and > 0)
            {
                body.Advance(read);
                if (body.WrittenCount > LargestBody)
                {
                    throw Catalogue.RequestTooLarge.For(LargestBody);
                }
            }
        }
        catch (EndOfStreamException e)
        {
            throw Catalogue.RequestMalformed.Because(e, "unexpected EOF");
        }
        catch (ZstdException e)
        {
            throw Catalogue.RequestMalformed.Because(e, Said(e.Code));
        }

        return body.WrittenMemory;
    }

    private static string Said(ZSTD_ErrorCode code) => code switch
    {
        ZSTD_ErrorCode.ZSTD_error_prefix_unknown => "invalid input: magic number mismatch",
        ZSTD_ErrorCode.ZSTD_error_dictionary_wrong => "unknown dictionary",
        ZSTD_ErrorCode.ZSTD_error_checksum_wrong => "CRC check failed",
        ZSTD_ErrorCode.ZSTD_error_frameParameter_windowTooLarge => "window size exceeded",
        ZSTD_ErrorCode.ZSTD_error_srcSize_wrong => "unexpected EOF",
        // There each has words of its own, by the place in the decoder.
        _ => "invalid input: corrupted block",
    };
}
