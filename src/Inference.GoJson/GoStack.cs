using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Inference.GoJson;

/// <summary>Go's stacks grow; ours do not, and a body may nest 10,000 deep. What recurses asks here first.</summary>
public static class GoStack
{
    // Frames of one level of nesting take well under 1 KiB.
    private const int FreshSize = 16 << 20;

    /// <summary>Whether recursion can go on for a while on this stack.</summary>
    public static bool HasRoom => RuntimeHelpers.TryEnsureSufficientExecutionStack();

    /// <summary>Goes on here while there is room, else on a fresh stack.</summary>
    public static void Deep(Action work)
    {
        if (HasRoom)
        {
            work();
        }
        else
        {
            Fresh(work);
        }
    }

    /// <summary>Goes on, on a stack of its own, while the caller waits.</summary>
    public static void Fresh(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    work();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            FreshSize);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    /// <summary>Goes on, on a stack of its own, and comes back with what was made there.</summary>
    public static T Fresh<T>(Func<T> work)
    {
        T result = default!;
        Fresh(() => { result = work(); });
        return result;
    }
}
