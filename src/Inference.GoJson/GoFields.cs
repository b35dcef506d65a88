using System.Globalization;
using System.Numerics;
using System.Text;

namespace Inference.GoJson;

/// <summary>Readers of fields that are made of simpler ones: numbers of each size, and pointers, which null takes away.</summary>
public static class GoFields
{
    /// <summary>An <c>int</c>: 64 bits, with neither fraction nor exponent; null and mismatches leave the old one.</summary>
    public static long Int(this GoJsonReader reader, long old) => Integer(reader, old, "int");

    /// <summary>An <c>int64</c>: the same, by its other name.</summary>
    public static long Int64(this GoJsonReader reader, long old) => Integer(reader, old, "int64");

    /// <summary>A <c>uint8</c>; null and mismatches leave the old one.</summary>
    public static byte Byte(this GoJsonReader reader, byte old) => Integer(reader, old, "uint8");

    /// <summary>A <c>float64</c>; null and mismatches leave the old one.</summary>
    public static double Float64(this GoJsonReader reader, double old) => Float(reader, old, "float64");

    /// <summary>A <c>float32</c>; null and mismatches leave the old one.</summary>
    public static float Float32(this GoJsonReader reader, float old) => Float(reader, old, "float32");

    /// <summary>A pointer to a truth value.</summary>
    public static bool? BoolPointer(this GoJsonReader reader, bool? old) => reader.Pointer(old, static (r, truth) => r.Bool(truth));

    /// <summary>A pointer to a plain value.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="old">What it points to; null for nil.</param>
    /// <param name="read">Reads the value that it points to.</param>
    public static T? Pointer<T>(this GoJsonReader reader, T? old, Func<GoJsonReader, T, T> read) where T : struct
    {
        if (reader.Peek() is not GoKind.Null)
        {
            return read(reader, old ?? default);
        }

        reader.Skip();
        return null;
    }

    /// <summary>A pointer to a text.</summary>
    public static string? StringPointer(this GoJsonReader reader, string? old)
    {
        if (reader.Peek() is not GoKind.Null)
        {
            return reader.String(old ?? "");
        }

        reader.Skip();
        return null;
    }

    /// <summary>A pointer to a struct: made when something is there to be read into it.</summary>
    public static T? Pointer<T>(this GoJsonReader reader, GoStruct<T> shape, T? old) where T : class, new()
    {
        if (reader.Peek() is not GoKind.Null)
        {
            var target = old ?? new T();
            reader.Struct(shape, target);
            return target;
        }

        reader.Skip();
        return null;
    }

    /// <summary>A struct that is replaced as a whole: for types that do not change.</summary>
    /// <returns>The old one with what was read.</returns>
    public static T Record<T>(this GoJsonReader reader, GoStruct<GoTarget<T>> shape, T old)
    {
        var target = new GoTarget<T>(old);
        reader.Struct(shape, target);
        return target.Value;
    }

    // strconv.ParseInt: no fraction and no exponent, whatever their value; ParseUint: no sign either, not even of a zero.
    private static T Integer<T>(GoJsonReader reader, T old, string type) where T : IBinaryInteger<T>
    {
        var literal = reader.NumberLiteral(type).Span;
        if (literal.IsEmpty)
        {
            return old;
        }

        var style = T.IsNegative(T.AllBitsSet) ? NumberStyles.AllowLeadingSign : NumberStyles.None;
        if (T.TryParse(literal, style, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        reader.Save(new GoFault.Mismatch($"number {Encoding.ASCII.GetString(literal)}", type));
        return old;
    }

    // strconv.ParseFloat: what rounds to infinity is out of range.
    private static T Float<T>(GoJsonReader reader, T old, string type) where T : IFloatingPointIeee754<T>
    {
        var literal = reader.NumberLiteral(type).Span;
        if (literal.IsEmpty)
        {
            return old;
        }

        var value = T.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (T.IsFinite(value))
        {
            return value;
        }

        reader.Save(new GoFault.Mismatch($"number {Encoding.ASCII.GetString(literal)}", type));
        return old;
    }
}
