using System.Globalization;

namespace Inference.FuzzTests;

/// <summary>
/// Holds a claim against many made-up cases. Each case has a seed of its own: what fails is made smaller as long as it still fails, and
/// shown with the seed that makes it again, alone.
/// </summary>
internal static class Fuzz
{
    private const int MostTries = 4_000;

    private static readonly double Factor = Number("FUZZ_FACTOR", 1);
    private static readonly int FirstSeed = (int)Number("FUZZ_SEED", 2_026);

    /// <param name="cases">How many, in a run of the usual length.</param>
    /// <param name="make">Makes one: the same from the same seed.</param>
    /// <param name="problem">What is wrong with it; null for nothing. An exception is wrong too.</param>
    /// <param name="smaller">Cases that are simpler, the simplest first.</param>
    /// <param name="show">How it is printed.</param>
    public static void Each<T>(int cases, Func<Random, T> make, Func<T, string?> problem, Func<T, IEnumerable<T>> smaller, Func<T, string> show)
    {
        // Nothing in here waits.
        var checking = EachAsync(cases, make, made => Task.FromResult(problem(made)), smaller, show);
        checking.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Each{T}"/>
    public static async Task EachAsync<T>(int cases, Func<Random, T> make, Func<T, Task<string?>> problem, Func<T, IEnumerable<T>> smaller, Func<T, string> show)
    {
        for (var i = 0; i < cases * Factor; i++)
        {
            var seed = FirstSeed + i;
            var made = make(new Random(seed));
            if (await ProblemAsync(problem, made) is { } found)
            {
                var (smallest, left) = await ShrinkAsync(made, found, problem, smaller);
                Assert.Fail($"FUZZ_SEED={seed.ToString(CultureInfo.InvariantCulture)}: {left}\n{show(smallest)}\nmade smaller from\n{show(made)}");
            }
        }
    }

    private static async Task<(T Case, string Problem)> ShrinkAsync<T>(T failing, string problem, Func<T, Task<string?>> check, Func<T, IEnumerable<T>> smaller)
    {
        var tries = 0;
        for (var progress = true; progress && tries < MostTries;)
        {
            progress = false;
            foreach (var candidate in smaller(failing))
            {
                if (++tries >= MostTries)
                {
                    break;
                }

                if (await ProblemAsync(check, candidate) is { } found)
                {
                    (failing, problem, progress) = (candidate, found, true);
                    break;
                }
            }
        }

        return (failing, problem);
    }

    private static async Task<string?> ProblemAsync<T>(Func<T, Task<string?>> check, T made)
    {
        try
        {
            return await check(made);
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }

    private static double Number(string name, double otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
