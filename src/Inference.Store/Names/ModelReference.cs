using System.Buffers;
using Inference.Errors;

namespace Inference.Store.Names;

/// <summary>A name as a request spells it: with the suffixes <c>:local</c> and <c>:cloud</c> taken off. Rules: Ollama's internal/modelref.</summary>
/// <param name="Name">The name.</param>
/// <param name="Source">What the suffix asked for.</param>
public sealed record ModelReference(ModelName Name, ModelSource Source)
{
    // What Go's strings.TrimSpace takes off: unicode.IsSpace.
    private static readonly SearchValues<char> Space = SearchValues.Create("\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000");

    /// <summary>What the request said, without space around it: the spelling that errors name.</summary>
    public string Requested { get; init; } = Name.DisplayName;

    /// <summary>The model in the store: one that lives in the cloud has a manifest here, under a name that says so.</summary>
    /// <exception cref="InferenceException">MODEL_NAME_INVALID: with that, the name is too long.</exception>
    public ModelName Stored => Source is not ModelSource.Cloud ? Name
        : ModelName.Parse(Base.LastIndexOf(':') > Base.LastIndexOf('/') ? $"{Base}-cloud" : $"{Base}:cloud") ?? throw Catalogue.ModelNameInvalid.For(Requested, "model");

    /// <summary>The same without the suffix: the name that another server knows the model by.</summary>
    public string Base { get; init; } = Name.DisplayName;

    /// <param name="text">What the request says.</param>
    /// <param name="field">The field it stands in, for the error.</param>
    /// <exception cref="InferenceException">FIELD_REQUIRED, MODEL_NAME_INVALID or MODEL_SOURCE_CONFLICT.</exception>
    public static ModelReference Parse(string text, string field = "model")
    {
        var trimmed = Trim(text);
        if (trimmed.Length == 0)
        {
            // Nothing but space is told as it was written.
            var error = Catalogue.FieldRequired.For(field).Error;
            throw new InferenceException(error with { Facts = error.Facts.With("model", text) });
        }

        var (rest, source) = CutSource(trimmed);
        if (source is not ModelSource.Unspecified && CutSource(rest).Source is not ModelSource.Unspecified)
        {
            throw Catalogue.ModelSourceConflict.For(trimmed);
        }

        var name = ModelName.Parse(rest) ?? throw Catalogue.ModelNameInvalid.For(text, field);
        return new ModelReference(name, source) { Requested = trimmed, Base = rest };
    }

    private static (string Text, ModelSource Source) CutSource(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return (text, ModelSource.Unspecified);
        }

        const string Tail = "-cloud";
        var suffix = Trim(text[(colon + 1)..]);
        if (suffix.Equals("cloud", StringComparison.OrdinalIgnoreCase))
        {
            return (text[..colon], ModelSource.Cloud);
        }

        if (suffix.Equals("local", StringComparison.OrdinalIgnoreCase))
        {
            return (text[..colon], ModelSource.Local);
        }

        return suffix.EndsWith(Tail, StringComparison.OrdinalIgnoreCase) && !suffix.Contains('/')
            ? (string.Concat(text.AsSpan(0, colon + 1), suffix.AsSpan(0, suffix.Length - Tail.Length)), ModelSource.Cloud)
            : (text, ModelSource.Unspecified);
    }

    private static string Trim(string text)
    {
        var start = text.AsSpan().IndexOfAnyExcept(Space);
        return start < 0 ? "" : text[start..(text.AsSpan().LastIndexOfAnyExcept(Space) + 1)];
    }
}

public enum ModelSource
{
    Unspecified,
    Local,
    Cloud,
}
