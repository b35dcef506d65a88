using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Inference.Server.Start;

/// <summary>Why Kestrel could not listen, in a sentence.</summary>
internal static class BindFailure
{
    /// <returns>Null if it is another failure.</returns>
    public static string? Explain(Exception e) => (e, e.InnerException) switch
    {
        (IOException { Message: var message }, AddressInUseException) =>
            $"cannot listen on {Quoted(message)}: another program has the address; is a server running already? (--host, OLLAMA_HOST)",
        (AddressInUseException, _) => "cannot listen: another program has the address; is a server running already? (--host, OLLAMA_HOST)",
        (SocketException { SocketErrorCode: SocketError.AccessDenied }, _) => "cannot listen: this user may not have the port; ports from 1024 on are free for all (--host, OLLAMA_HOST)",
        (SocketException { SocketErrorCode: SocketError.AddressNotAvailable }, _) => "cannot listen: no interface of this machine has the address (--host, OLLAMA_HOST)",
        (SocketException { SocketErrorCode: SocketError.AddressFamilyNotSupported }, _) => "cannot listen: this machine has no IPv6 (--host, OLLAMA_HOST)",
        (IOException or SocketException, _) => $"cannot listen: {e.Message.TrimEnd('.')}",
        _ => null,
    };

    // "Failed to bind to address http://127.0.0.1:11434: address already in use."
    private static string Quoted(string message)
    {
        var start = message.IndexOf("address ", StringComparison.Ordinal) + "address ".Length;
        var end = message.IndexOf(": address", start, StringComparison.Ordinal);
        return end > start ? message[start..end] : "the address";
    }
}
