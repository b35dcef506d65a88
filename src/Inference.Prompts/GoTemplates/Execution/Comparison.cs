using Inference.Prompts.GoTemplates.Formatting;
using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>The functions that compare. Types must agree; an int is no float.</summary>
internal static class Comparison
{
    private enum Basic
    {
        None,
        Bool,
        Complex,
        Int,
        Float,
        String,
        Uint,
    }

    /// <summary>Equal to one of several.</summary>
    public static bool Equal(GoValue? first, ReadOnlySpan<GoValue?> others)
    {
        first = GoValue.Held(first);
        if (others.Length == 0)
        {
            throw new GoFunctionException("missing argument for comparison");
        }

        foreach (var raw in others)
        {
            var other = GoValue.Held(raw);
            if (BasicOf(first) == BasicOf(other) ? SameKind(first, other) : OtherKind(first, other))
            {
                return true;
            }
        }

        return false;
    }

    public static bool Less(GoValue? left, GoValue? right)
    {
        (left, right) = (GoValue.Held(left), GoValue.Held(right));
        if (BasicOf(left) == Basic.None || BasicOf(right) == Basic.None)
        {
            throw new GoFunctionException("invalid type for comparison");
        }

        return (left, right) switch
        {
            (GoInt a, GoInt b) => a.Value < b.Value,
            (GoFloat a, GoFloat b) => a.Value < b.Value,
            (GoString a, GoString b) => GoText.Compare(a.Text, b.Text) < 0,
            _ when BasicOf(left) == BasicOf(right) => throw new GoFunctionException("invalid type for comparison"),
            _ => throw Incompatible(left!, right!),
        };
    }

    private static Basic BasicOf(GoValue? value) => value?.Kind switch
    {
        GoKind.Bool => Basic.Bool,
        GoKind.Int => Basic.Int,
        GoKind.Uint8 => Basic.Uint,
        GoKind.Float64 => Basic.Float,
        GoKind.Complex128 => Basic.Complex,
        GoKind.String => Basic.String,
        _ => Basic.None,
    };

    private static bool OtherKind(GoValue? first, GoValue? other) => (first, other) switch
    {
        (GoInt a, GoInt b) => a.Value == b.Value,
        (null, _) or (_, null) => false,
        _ => throw Incompatible(first, other),
    };

    private static bool SameKind(GoValue? first, GoValue? other)
    {
        switch (first, other)
        {
            case (GoBool a, GoBool b):
                return a.Value == b.Value;
            case (GoInt a, GoInt b):
                return a.Value == b.Value;
            case (GoFloat a, GoFloat b):
                return a.Value == b.Value;
            case (GoComplex a, GoComplex b):
                return a.Value == b.Value;
            case (GoString a, GoString b):
                return a.Text == b.Text;
            default:
                return Composite(first, other);
        }
    }

    private static bool Composite(GoValue? first, GoValue? other)
    {
        if (first is not null && other is not null && first.Kind != other.Kind)
        {
            throw new GoFunctionException($"non-comparable types {GoPrint.Sprintf("%s", [first])}: {first.Type}, {other.Type}: {GoPrint.Value(other)}");
        }

        if (first is null or { IsNil: true } || other is null or { IsNil: true })
        {
            return (first is null or { IsNil: true }) == (other is null or { IsNil: true });
        }

        // Pointers compare by where they point; structs of ours hold slices or maps, and do not compare at all.
        return other.Kind == GoKind.Pointer
            ? ReferenceEquals(((GoPointer)first).Target, ((GoPointer)other).Target)
            : throw new GoFunctionException($"non-comparable type {GoPrint.Sprintf("%s", [other])}: {other.Type}");
    }

    private static GoFunctionException Incompatible(GoValue left, GoValue right) => new($"incompatible types for comparison: {left.Type} and {right.Type}");
}
