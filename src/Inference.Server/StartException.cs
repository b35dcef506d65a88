namespace Inference.Server;

/// <summary>The server cannot start, or not go on; the message is one sentence for whoever started it.</summary>
internal sealed class StartException(ExitCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    public ExitCode Code { get; } = code;
}

/// <summary>What the process returns.</summary>
internal enum ExitCode
{
    Success = 0,

    /// <summary>A failure that nobody foresaw; for <c>health</c>: not serving.</summary>
    Failure = 1,

    /// <summary>An option or a variable has no usable value.</summary>
    Usage = 2,

    /// <summary>The address is taken, foreign or forbidden.</summary>
    Address = 3,

    /// <summary>The store cannot be read.</summary>
    Store = 4,

    /// <summary>llama.cpp cannot be loaded: a library is missing, or it is not the one that this server was made for.</summary>
    Engine = 5,

    /// <summary>The certificate or its key cannot be used.</summary>
    Certificate = 6,
}
