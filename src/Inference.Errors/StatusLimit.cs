using System.Text;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace Inference.Errors;

/// <summary>
/// What of a status goes on the wire. Some clients lose a call whose trailers exceed 8 KiB; base64 and the other trailers need room as
/// well, so a status with its details stays under 4 KiB: first other details go, then violations, and only a single fact that is itself
/// too long is cut.
/// </summary>
public static class StatusLimit
{
    /// <summary>Bytes of the largest status that is sent.</summary>
    public const int LargestStatus = 4096;

    // It is sent twice, in the status and as grpc-message.
    private const int LongestMessage = 1024;

    // For RetryInfo and the first violation, beside the message.
    private const int RoomForInfo = LargestStatus - LongestMessage - 512;

    /// <summary>The status itself where it fits, otherwise a shortened copy. The reason and the names of its facts are never lost.</summary>
    public static Google.Rpc.Status Fitted(this Google.Rpc.Status status)
    {
        if (Encoding.UTF8.GetByteCount(status.Message) <= LongestMessage && status.CalculateSize() <= LargestStatus)
        {
            return status;
        }

        var fitted = new Google.Rpc.Status { Code = status.Code, Message = Cut(status.Message, LongestMessage) };
        foreach (var detail in status.Details)
        {
            if (detail.TryUnpack<ErrorInfo>(out var info))
            {
                fitted.Details.Add(Any.Pack(FittedInfo(info)));
            }
            else if (detail.TryUnpack<BadRequest>(out var bad))
            {
                AddAsManyAsFit(fitted, bad);
            }
            else
            {
                AddIfItFits(fitted, detail);
            }
        }

        return fitted;
    }

    // The longest facts are cut, and those no more than they must be.
    private static ErrorInfo FittedInfo(ErrorInfo info)
    {
        var longest = RoomForInfo;
        var fitted = info;
        while (fitted.CalculateSize() > RoomForInfo && longest > 64)
        {
            longest = longest * 3 / 4;
            fitted = info.Clone();
            foreach (var (key, value) in info.Metadata)
            {
                fitted.Metadata[key] = Cut(value, longest);
            }
        }

        return fitted;
    }

    private static void AddAsManyAsFit(Google.Rpc.Status status, BadRequest bad)
    {
        for (var count = bad.FieldViolations.Count; count > 0; count /= 2)
        {
            if (AddIfItFits(status, Any.Pack(new BadRequest { FieldViolations = { bad.FieldViolations.Take(count) } })))
            {
                return;
            }
        }
    }

    private static bool AddIfItFits(Google.Rpc.Status status, Any detail)
    {
        status.Details.Add(detail);
        if (status.CalculateSize() <= LargestStatus)
        {
            return true;
        }

        status.Details.RemoveAt(status.Details.Count - 1);
        return false;
    }

    private static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        var length = 0;
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (used + rune.Utf8SequenceLength > bytes)
            {
                break;
            }

            used += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
