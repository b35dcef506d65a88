namespace Inference.Store.Identity;

/// <summary>The key pair cannot be read. The message is what Go says of it, because clients see it.</summary>
public sealed class KeyException(string message, Exception? cause = null) : Exception(message, cause);
