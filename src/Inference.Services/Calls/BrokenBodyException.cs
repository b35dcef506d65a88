namespace Inference.Services.Calls;

/// <summary>A request's body ended too early or was framed wrongly. Says how in the words that Go has for it.</summary>
public sealed class BrokenBodyException(string reason) : IOException(reason);
