namespace Inference.Prompts.GoTemplates.Values;

internal enum GoKind
{
    Bool,
    Int,
    Uint8,
    Float64,
    Complex128,
    String,
    Slice,
    Map,
    Struct,
    Pointer,
    Interface,
}

/// <summary>A Go type, as far as templates can tell: its name in errors, what it holds, what can be called on it.</summary>
internal sealed class GoType(GoKind kind, string name, GoType? element = null)
{
    public GoKind Kind => kind;

    /// <summary>As <c>%T</c> prints it.</summary>
    public string Name => name;

    /// <summary>Of a slice's or map's elements, or of what a pointer points to.</summary>
    public GoType? Element => element;

    /// <summary>Of a struct, in the order of declaration.</summary>
    public IReadOnlyList<GoField> Fields { get; init; } = [];

    /// <summary>Methods without arguments. <c>String</c> decides how the value prints.</summary>
    public IReadOnlyDictionary<string, Func<GoValue, GoValue>> Methods { get; init; } = new Dictionary<string, Func<GoValue, GoValue>>();

    /// <summary>What the value marshals as, where that is not the value itself.</summary>
    public Func<GoValue, GoValue?>? MarshalsAs { get; init; }

    public GoType Pointer { get => field ??= new GoType(GoKind.Pointer, "*" + name, this); }

    public override string ToString() => name;
}

/// <param name="Name">As templates know it.</param>
/// <param name="Json">As JSON knows it; null for the same name.</param>
/// <param name="OmitEmpty">Left out of JSON while empty.</param>
/// <param name="Hidden">Not exported: prints, but cannot be asked for.</param>
internal sealed record GoField(string Name, GoType Type, string? Json = null, bool OmitEmpty = false, bool Hidden = false);

/// <summary>Go's own types.</summary>
internal static class GoTypes
{
    public static readonly GoType Bool = new(GoKind.Bool, "bool");
    public static readonly GoType Int = new(GoKind.Int, "int");
    public static readonly GoType Uint8 = new(GoKind.Uint8, "uint8");
    public static readonly GoType Float64 = new(GoKind.Float64, "float64");
    public static readonly GoType Complex128 = new(GoKind.Complex128, "complex128");
    public static readonly GoType String = new(GoKind.String, "string");
    public static readonly GoType Any = new(GoKind.Interface, "interface {}");
    public static readonly GoType AnySlice = new(GoKind.Slice, "[]interface {}", Any);
    public static readonly GoType StringSlice = new(GoKind.Slice, "[]string", String);
    public static readonly GoType AnyMap = new(GoKind.Map, "map[string]interface {}", Any);
}
