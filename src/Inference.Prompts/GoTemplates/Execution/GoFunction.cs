using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>What a function takes in one place.</summary>
internal enum Parameter
{
    /// <summary>Anything, as it is: Go's <c>reflect.Value</c>.</summary>
    Value,

    /// <summary>Anything, out of its interface: Go's <c>any</c>.</summary>
    Any,

    /// <summary>A <c>string</c>.</summary>
    String,
}

internal delegate GoValue? GoCall(ReadOnlySpan<GoValue?> arguments);

/// <summary>A function that templates can call.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Fixed">Parameters that must be given.</param>
/// <param name="Rest">Of any number of further arguments; null for none.</param>
/// <param name="Call">What it does. Throws <see cref="GoFunctionException"/>.</param>
internal sealed record GoFunction(string Name, Parameter[] Fixed, Parameter? Rest, GoCall Call)
{
    public Parameter ParameterAt(int index) => index < Fixed.Length ? Fixed[index] : Rest!.Value;
}
