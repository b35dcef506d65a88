using Inference.Errors;
using Microsoft.AspNetCore.Http;

namespace Inference.Services.Calls;

/// <summary>
/// The <c>grpc-timeout</c> header: up to eight digits and a unit. gRPC and gRPC-Web clients send their deadline in it; over REST anybody
/// may. Counted from the arrival on the server's own clock, unlike the framework's deadline, so that it is the clock of all other times.
/// </summary>
internal static class GrpcTimeout
{
    private const string Header = "grpc-timeout";
    private const int MostDigits = 8;

    /// <summary>Notes the deadline of the call, if it has one.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED: the header is no such text.</exception>
    public static void NoteDeadline(this HttpContext http)
    {
        if (http.Request.Headers[Header] is { Count: > 0 } given)
        {
            var call = http.GetCall();
            http.Features.Set(call with { Deadline = After(call.Arrival, Parse(given.ToString())) });
        }
    }

    private static TimeSpan Parse(string text)
    {
        if (text.Length is < 2 or > MostDigits + 1 || text.AsSpan(0, text.Length - 1).ContainsAnyExceptInRange('0', '9'))
        {
            throw Malformed();
        }

        var unit = text[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            'n' => 1d / TimeSpan.NanosecondsPerTick,
            _ => throw Malformed(),
        };
        return TimeSpan.FromTicks((long)(int.Parse(text.AsSpan(0, text.Length - 1), provider: null) * unit));
    }

    // Longer than the calendar is no deadline.
    private static DateTimeOffset? After(DateTimeOffset arrival, TimeSpan time) => time < DateTimeOffset.MaxValue - arrival ? arrival + time : null;

    private static InferenceException Malformed() => Catalogue.RequestMalformed.For("the header grpc-timeout is not up to eight digits and one of H, M, S, m, u, n");
}
