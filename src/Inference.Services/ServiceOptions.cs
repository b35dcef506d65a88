using System.ComponentModel.DataAnnotations;

namespace Inference.Services;

/// <summary>What the doors accept.</summary>
public sealed class ServiceOptions
{
    public const string Section = "Inference:Services";

    /// <summary>Largest request message in bytes, over gRPC and under /inference/v1. 30,000,000 as Kestrel's MaxRequestBodySize.</summary>
    [Range(1 << 16, 1 << 30)]
    public int MaxRequestBytes { get; set; } = 30_000_000;
}
