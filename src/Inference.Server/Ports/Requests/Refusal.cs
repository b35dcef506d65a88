using System.Text;

namespace Inference.Server.Ports.Requests;

/// <summary>
/// What net/http writes to a connection whose request it cannot read, before any handler: the text is in the status line and is the
/// body, which ends with the connection. Only the request's id is ours.
/// </summary>
internal sealed record Refusal(string Status, string Body)
{
    /// <summary>Whatever else is wrong: what it is stays unsaid.</summary>
    public static readonly Refusal Malformed = new("400 Bad Request");

    public static readonly Refusal TooLarge = new("431 Request Header Fields Too Large");

    public static readonly Refusal Version = new("505 HTTP Version Not Supported: unsupported protocol version");

    public static readonly Refusal TransferEncoding = new("501 Not Implemented", "Unsupported transfer encoding");

    private Refusal(string status) : this(status, status)
    {
    }

    /// <summary>A request that can be read, but not be meant.</summary>
    public static Refusal Because(string reason) => new($"400 Bad Request: {reason}");

    public byte[] ToBytes() => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {Status}\r\nContent-Type: text/plain; charset=utf-8\r\nX-Request-Id: {Guid.CreateVersion7():N}\r\nConnection: close\r\n\r\n{Body}");
}
