using Inference.Errors;
using Inference.GoJson;
using Inference.Store.Names;

namespace Inference.Store.Registry;

/// <summary>What a registry can do wrong.</summary>
internal enum RegistryFault
{
    /// <summary>It does not have it.</summary>
    NotFound,

    /// <summary>It cannot be reached, or failed itself.</summary>
    Unavailable,

    /// <summary>It does not allow it.</summary>
    Refused,

    /// <summary>It wants to know who asks, and this server has no key to say so with.</summary>
    Unsigned,

    /// <summary>It answered what the protocol does not have.</summary>
    Protocol,
}

/// <summary>A registry did not do what it was asked for. The message is what Ollama says of it.</summary>
internal sealed class RegistryException(RegistryFault fault, string message, int status = 0, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What Ollama calls os.ErrNotExist.</summary>
    public const string Absent = "file does not exist";

    public RegistryFault Fault { get; } = fault;

    /// <summary>What the registry answered with; 0 if it did not.</summary>
    public int Status => status;

    /// <summary>What json.Unmarshal says: it has the whole text, and so another word for one that ends too soon than a decoder of streams.</summary>
    public static string Unmarshal(GoJsonException problem) => problem.Message is "EOF" or "unexpected EOF" ? "unexpected end of JSON input" : problem.Message;

    /// <summary>The error of the catalogue.</summary>
    /// <param name="name">The model.</param>
    /// <param name="requested">How the request spells it.</param>
    /// <param name="digest">The blob that it was about; empty for the manifest.</param>
    /// <param name="during">What comes before the message, with its colon.</param>
    public InferenceException ToError(ModelName name, string requested, string digest = "", string during = "")
    {
        var detail = during + Message;
        return Fault switch
        {
            RegistryFault.NotFound => With(Catalogue.RegistryModelNotFound.Because(this, requested, name.Host), "digest", digest),
            RegistryFault.Refused => With(Catalogue.RegistryRefused.Because(this, requested, name.Host, status), "detail", detail),
            RegistryFault.Unsigned => Catalogue.IdentityUnreadable.Because(this, detail),
            RegistryFault.Unavailable => Catalogue.RegistryUnavailable.Because(this, name.Host, detail),
            _ => Catalogue.RegistryProtocol.Because(this, name.Host, status, detail),
        };
    }

    // Also what is empty: whether there is a digest is what tells the two sentences apart.
    private static InferenceException With(InferenceException thrown, string key, string value) =>
        value.Length == 0 ? thrown : new InferenceException(thrown.Error with { Facts = thrown.Error.Facts.With(key, value) }, thrown);
}
