using Microsoft.AspNetCore.Connections;

namespace Inference.Services.Calls;

/// <summary>
/// A request's body ended too early or was framed wrongly. Says how in the words that Go has for it. To Kestrel it is an aborted
/// connection: of everything else it believes that the body is still being read.
/// </summary>
public sealed class BrokenBodyException(string reason) : ConnectionAbortedException(reason)
{
    /// <summary>What reading a body has thrown: Kestrel wraps it or not.</summary>
    public static BrokenBodyException? In(Exception thrown) => thrown as BrokenBodyException ?? thrown.InnerException as BrokenBodyException;
}
