using System.Collections.Frozen;

namespace Inference.Prompts.Rendering;

/// <summary>The renderers that come with Ollama (model/renderers/renderer.go). A model's config names one; any other name is an error.</summary>
public static class BuiltInRenderers
{
    public static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
    [
        "qwen3-coder", "qwen3-vl-instruct", "qwen3-vl-thinking", "qwen3.5", "qwen3.8", "ornith", "cogito", "deepseek3.1", "olmo3", "olmo3.1", "olmo3-think", "olmo3-32b-think",
        "nemotron-3-nano", "nemotron-3.5-nano", "gemma4", "gemma4-small", "gemma4-large", "functiongemma", "glm-4.7", "glm-ocr", "lfm2", "lfm2-thinking", "laguna", "poolside-v1",
        "cohere", "glimmer",
    ]);
}
