using System.ComponentModel.DataAnnotations;
using Inference.Errors;

namespace Inference.Facade;

/// <summary>What the HTTP façade can be told.</summary>
public sealed class FacadeOptions
{
    public const string Section = "Inference";

    /// <summary>Whose words errors have. INFERENCE_DIALECT; those of the real server.</summary>
    [EnumDataType(typeof(ErrorDialect))]
    public ErrorDialect Dialect { get; set; }
}
