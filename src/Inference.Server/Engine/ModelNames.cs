using Inference.Errors;
using Inference.Store;

namespace Inference.Server.Engine;

/// <summary>The models of a store, for people and for the choice of the CPU's build.</summary>
internal static class ModelNames
{
    /// <exception cref="StartException">The store cannot be read.</exception>
    public static IReadOnlyList<string> InStore(string root)
    {
        try
        {
            return [.. new ModelStore(root).List().Select(static m => m.Name.DisplayName)];
        }
        catch (InferenceException e)
        {
            throw new StartException(ExitCode.Store, $"the store {root} cannot be read: {e.Error.Message}", e);
        }
    }
}
