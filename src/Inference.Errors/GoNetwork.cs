using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Inference.Errors;

/// <summary>What Go's net, net/http and crypto/tls say of a request that got no answer: Ollama passes these words on.</summary>
public static class GoNetwork
{
    private const string DialledKey = "inference.dialled";

    /// <summary>url.Error: <c>Get "http://host/path": dial tcp 127.0.0.1:9: connect: connection refused</c>.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="url">The address, spelled as the request has it: a default port that stands there stays.</param>
    /// <param name="thrown">What the HTTP client threw.</param>
    public static string Describe(HttpMethod method, string url, Exception thrown) =>
        $"{method.Method[..1]}{method.Method[1..].ToLowerInvariant()} {GoQuote.Quote(url)}: {Cause(url, thrown)}";

    /// <summary>Notes on a failed connection which address it was for: behind a name there may be several.</summary>
    public static T Dialled<T>(this T failed, EndPoint address) where T : Exception
    {
        failed.Data[DialledKey] = address.ToString();
        return failed;
    }

    private static string Cause(string url, Exception thrown)
    {
        var chain = Chain(thrown).ToList();
        if (chain.OfType<AuthenticationException>().LastOrDefault() is { } tls)
        {
            return Handshake(tls);
        }

        if (chain.OfType<SocketException>().LastOrDefault() is { } socket)
        {
            return Socket(url, thrown, socket);
        }

        if (chain.OfType<TimeoutException>().Any())
        {
            // The client's own time limit has the cancelled request inside, that of the connection has nothing.
            return thrown is TaskCanceledException { InnerException: TimeoutException { InnerException: null } }
                ? $"dial tcp {Address(url, thrown)}: i/o timeout"
                : "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
        }

        return thrown switch
        {
            OperationCanceledException => "context canceled",
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "net/http: HTTP/1.x transport connection broken: malformed HTTP response",
            _ => "EOF", // the connection was closed before there was an answer
        };
    }

    private static string Socket(string url, Exception thrown, SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData => $"dial tcp: lookup {Host(url)}: no such host",
        SocketError.TryAgain or SocketError.NoRecovery => $"dial tcp: lookup {Host(url)}: server misbehaving",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => $"read tcp {Address(url, thrown)}: read: connection reset by peer",
        SocketError.Shutdown => $"write tcp {Address(url, thrown)}: write: broken pipe",
        var error => $"dial tcp {Address(url, thrown)}: connect: {Words(error, socket)}",
    };

    // syscall.Errno on Linux.
    private static string Words(SocketError error, SocketException socket) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.TimedOut => "connection timed out",
        SocketError.HostUnreachable => "no route to host",
        SocketError.NetworkUnreachable => "network is unreachable",
        SocketError.NetworkDown => "network is down",
        SocketError.HostDown => "host is down",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        SocketError.AddressFamilyNotSupported => "address family not supported by protocol",
        SocketError.AccessDenied => "permission denied",
        SocketError.TooManyOpenSockets => "too many open files",
        _ => socket.Message.ToLowerInvariant(),
    };

    // A failed certificate and a stream that is no TLS differ here by their sentence only.
    private static string Handshake(AuthenticationException tls) =>
        tls.Message.Contains("NameMismatch", StringComparison.Ordinal) ? "tls: failed to verify certificate: x509: certificate is not valid for this name"
        : tls.Message.Contains("NotTimeValid", StringComparison.Ordinal) ? "tls: failed to verify certificate: x509: certificate has expired or is not yet valid"
        : tls.Message.Contains("certificate", StringComparison.Ordinal) ? "tls: failed to verify certificate: x509: certificate signed by unknown authority"
        : "tls: first record does not look like a TLS handshake";

    private static string Address(string url, Exception thrown) =>
        Chain(thrown).Select(static e => e.Data[DialledKey] as string).FirstOrDefault(static a => a is not null)
        ?? (Uri.TryCreate(url, UriKind.Absolute, out var uri) ? $"{uri.Host}:{uri.Port}" : url);

    private static string Host(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Host : url;

    private static IEnumerable<Exception> Chain(Exception? thrown)
    {
        for (; thrown is not null; thrown = thrown.InnerException)
        {
            yield return thrown;
        }
    }
}
