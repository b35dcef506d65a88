namespace Inference.Prompts.GoTemplates;

/// <summary>A template does not parse or fails; the text is Go's.</summary>
public sealed class TemplateException(string message) : Exception(message);
