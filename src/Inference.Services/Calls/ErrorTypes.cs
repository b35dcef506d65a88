using Google.Protobuf.Reflection;
using Google.Rpc;

namespace Inference.Services.Calls;

/// <summary>The messages that a status may carry. JSON transcoding answers an empty 500 for a detail that it does not know.</summary>
internal static class ErrorTypes
{
    public static TypeRegistry Registry { get; } = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);
}
