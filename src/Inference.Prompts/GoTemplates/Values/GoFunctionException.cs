namespace Inference.Prompts.GoTemplates.Values;

/// <summary>A function cannot do what it is asked to; the text is Go's.</summary>
internal sealed class GoFunctionException(string message) : Exception(message);
