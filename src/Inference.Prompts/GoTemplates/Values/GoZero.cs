namespace Inference.Prompts.GoTemplates.Values;

/// <summary>What a type holds when nothing was put in.</summary>
internal static class GoZero
{
    public static GoValue Of(GoType type) => type.Kind switch
    {
        GoKind.Bool => new GoBool(false),
        GoKind.Int or GoKind.Uint8 => new GoInt(0, type),
        GoKind.Float64 => new GoFloat(0),
        GoKind.Complex128 => new GoComplex(0),
        GoKind.String => GoString.Empty,
        GoKind.Slice => new GoSlice(type, null),
        GoKind.Map => GoMap.Sorted(type, null),
        GoKind.Pointer => new GoPointer(type, null),
        GoKind.Interface => GoInterface.Nil,
        GoKind.Struct => new GoStruct(type, [.. type.Fields.Select(static f => f.Type.Kind == GoKind.Interface ? null : Of(f.Type))]),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, message: null),
    };
}
