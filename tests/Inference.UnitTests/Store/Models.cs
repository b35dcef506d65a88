using Inference.Store;
using Inference.Store.Names;

namespace Inference.UnitTests.Store;

internal static class Models
{
    public static StoredModel Bare { get; } = new()
    {
        Name = ModelName.Parse("m")!,
        RequestedName = "m",
        Digest = "",
        SizeBytes = 0,
        ModifyTime = default,
        Config = new ModelConfig(),
        Layers = [],
    };
}
