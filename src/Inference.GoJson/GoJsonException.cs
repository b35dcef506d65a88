namespace Inference.GoJson;

/// <summary>A text that Go's encoding/json would refuse, in its words: they reach clients.</summary>
public sealed class GoJsonException(string message) : Exception(message);
