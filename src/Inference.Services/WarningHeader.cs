using System.Text;
using Inference.V1;
using Microsoft.AspNetCore.Http;

namespace Inference.Services;

/// <summary>Warnings over HTTP: in headers, which change no body.</summary>
public static class WarningHeader
{
    public const string Name = "X-Inference-Warning";

    private const int Longest = 512; // all headers together have to stay within what clients take
    private const int Most = 16;

    /// <summary>Adds a line for each, as long as there are headers to add to. A gRPC call has them in its messages.</summary>
    public static void Append(HttpContext http, IEnumerable<Warning> warnings)
    {
        if (http.Response.HasStarted || http.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            return;
        }

        foreach (var warning in warnings)
        {
            if (http.Response.Headers[Name].Count < Most)
            {
                http.Response.Headers.Append(Name, Format(warning));
            }
        }
    }

    // The reason as in the contract, and the sentence, of which a header carries the printable ASCII.
    private static string Format(Warning warning)
    {
        var message = new StringBuilder(warning.Message, 0, Math.Min(warning.Message.Length, Longest), Longest);
        for (var i = 0; i < message.Length; i++)
        {
            message[i] = message[i] is >= ' ' and < '\x7f' ? message[i] : '?';
        }

        return $"{WarningCatalogue.NameOf(warning.Reason)}: {message}";
    }
}
