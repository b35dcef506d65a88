using Inference.Errors;
using Inference.Store.Making;
using Inference.Store.Manifests;

namespace Inference.Services.Upkeep;

/// <summary>Which number formats weights can be converted to, and from. Converting them is not here. Rules and words: Ollama's fs/ggml/type.go.</summary>
internal static class Quantization
{
    private const string Supported = "F32, F16, Q4_K_S, Q4_K_M, Q8_0";

    /// <param name="wanted">As requested; empty for as they are.</param>
    /// <param name="weights">The model's files.</param>
    /// <exception cref="InferenceException">QUANTIZATION_INVALID, QUANTIZATION_FAILED, FEATURE_UNSUPPORTED.</exception>
    public static void Check(string wanted, IEnumerable<MadeWeights> weights)
    {
        var format = wanted.ToUpperInvariant();
        foreach (var file in weights.Where(w => format.Length > 0 && w.MediaType is MediaTypes.Model))
        {
            var target = format switch
            {
                "F32" or "F16" or "BF16" or "Q8_0" or "Q4_K_S" or "Q4_K_M" => format,
                "Q4_K" => "Q4_K_M",
                _ => throw Catalogue.QuantizationInvalid.For(format, Supported),
            };
            if (file.FileType is not ("F16" or "BF16" or "F32"))
            {
                throw Catalogue.QuantizationFailed.For(file.FileType, "quantization is only supported for F16, BF16 and F32 models");
            }

            if (file.FileType != target)
            {
                throw Catalogue.FeatureUnsupported.For("quantization");
            }
        }
    }
}
