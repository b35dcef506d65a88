namespace Inference.Store.GoJson;

/// <summary>A text that Go's encoding/json would refuse, in its words: they reach clients.</summary>
internal sealed class GoJsonException(string message) : Exception(message);
