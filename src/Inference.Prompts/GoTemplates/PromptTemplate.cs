namespace Inference.Prompts.GoTemplates;

/// <summary>A model's prompt template in Go's <c>text/template</c> notation, parsed.</summary>
public sealed class PromptTemplate
{
    /// <exception cref="TemplateException">It does not parse; the text is Go's.</exception>
    public static PromptTemplate Parse(string text) => throw new NotSupportedException();

    /// <summary>Ranges over messages; otherwise it is of the older kind, executed once a turn.</summary>
    public bool UsesMessages => throw new NotSupportedException();

    /// <summary>Mentions tools: the model has the capability.</summary>
    public bool UsesTools => throw new NotSupportedException();

    /// <summary>Mentions the suffix: the model can insert.</summary>
    public bool UsesSuffix => throw new NotSupportedException();

    /// <summary>Opening and closing tag of thinking, inferred from the template; null if the model does not think.</summary>
    public (string Open, string Close)? ThinkingTags => throw new NotSupportedException();
}

/// <summary>A template does not parse or fails; the text is Go's.</summary>
public sealed class TemplateException(string message) : Exception(message);
