using System.Numerics;

namespace Inference.Prompts.GoTemplates.Values;

/// <summary>A value that templates work on. C#'s null is Go's absence of one: <c>&lt;no value&gt;</c>, an untyped nil.</summary>
internal abstract class GoValue
{
    public abstract GoType Type { get; }

    public GoKind Kind => Type.Kind;

    /// <summary>What conditions see.</summary>
    public abstract bool IsTrue { get; }

    /// <summary>A nil slice, map, pointer or interface.</summary>
    public virtual bool IsNil => false;

    /// <summary>What an interface holds; any other value itself.</summary>
    public static GoValue? Held(GoValue? value) => value is GoInterface { Inner: var inner } ? inner : value;

    /// <summary>The end of pointers and interfaces.</summary>
    /// <returns>The value, and whether the way to it ended in a nil, which then is the value.</returns>
    public static (GoValue? Value, bool IsNil) Indirect(GoValue? value)
    {
        while (value is GoPointer or GoInterface)
        {
            if (value.IsNil)
            {
                return (value, true);
            }

            value = value is GoPointer pointer ? pointer.Target : ((GoInterface)value).Inner;
        }

        return (value, false);
    }
}

internal sealed class GoBool(bool value) : GoValue
{
    public bool Value => value;

    public override GoType Type => GoTypes.Bool;

    public override bool IsTrue => value;
}

/// <summary>An <c>int</c>, or a byte of a text.</summary>
internal sealed class GoInt(long value, GoType? type = null) : GoValue
{
    public long Value => value;

    public override GoType Type => type ?? GoTypes.Int;

    public override bool IsTrue => value != 0;
}

internal sealed class GoFloat(double value) : GoValue
{
    public double Value => value;

    public override GoType Type => GoTypes.Float64;

    public override bool IsTrue => value != 0;
}

internal sealed class GoComplex(Complex value) : GoValue
{
    public Complex Value => value;

    public override GoType Type => GoTypes.Complex128;

    public override bool IsTrue => value != Complex.Zero;
}

internal sealed class GoString(string text) : GoValue
{
    public static readonly GoString Empty = new("");

    public string Text => text;

    public override GoType Type => GoTypes.String;

    public override bool IsTrue => text.Length > 0;
}

/// <summary>A value whose static type is <c>interface {}</c>: what a map or slice of anything gives.</summary>
internal sealed class GoInterface(GoValue? inner) : GoValue
{
    public static readonly GoInterface Nil = new(null);

    public GoValue? Inner => inner;

    public override GoType Type => GoTypes.Any;

    public override bool IsTrue => inner is not null;

    public override bool IsNil => inner is null;
}

internal sealed class GoPointer(GoType type, GoValue? target) : GoValue
{
    public GoValue? Target => target;

    public override GoType Type => type;

    public override bool IsTrue => target is not null;

    public override bool IsNil => target is null;
}

internal sealed class GoStruct(GoType type, params GoValue?[] fields) : GoValue
{
    /// <summary>In the order of <see cref="GoType.Fields"/>.</summary>
    public IReadOnlyList<GoValue?> Fields => fields;

    public override GoType Type => type;

    public override bool IsTrue => true;

    public int IndexOf(string name)
    {
        for (var i = 0; i < type.Fields.Count; i++)
        {
            if (type.Fields[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The field, as an interface where it is one.</summary>
    public GoValue? At(int index) => type.Fields[index].Type.Kind == GoKind.Interface ? new GoInterface(fields[index]) : fields[index];
}
