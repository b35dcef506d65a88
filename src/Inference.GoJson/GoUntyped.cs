using System.Globalization;
using System.Text;

namespace Inference.GoJson;

/// <summary>
/// Values without a type: null, bool, double, string, and List or Dictionary of these. Numbers are 64-bit floats, as in Go; one that
/// no float holds is a mismatch.
/// </summary>
internal sealed class GoUntyped(GoScanner scanner, GoTrail trail)
{
    public object? Read()
    {
        switch (scanner.Peek())
        {
            case GoKind.String:
                return scanner.String().ToString();
            case GoKind.Number:
                return Number(scanner.Number().Span);
            case GoKind.Bool:
                return scanner.Literal();
            case GoKind.Null:
                scanner.Literal();
                return null;
            case GoKind.Array:
                return GoStack.HasRoom ? Array() : GoStack.Fresh(Array);
            default:
                return GoStack.HasRoom ? Map() : GoStack.Fresh(Map);
        }
    }

    private List<object?> Array()
    {
        var list = new List<object?>();
        scanner.Open();
        for (var first = true; scanner.NextElement(first); first = false)
        {
            list.Add(Read());
        }

        return list;
    }

    private Dictionary<string, object?> Map()
    {
        var map = new Dictionary<string, object?>();
        scanner.Open();
        for (var first = true; scanner.NextMember(first, out var key); first = false)
        {
            map[key.ToString()] = Read();
        }

        return map;
    }

    private double Number(ReadOnlySpan<byte> literal)
    {
        var value = double.Parse(literal, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsFinite(value))
        {
            return value;
        }

        trail.Save(new GoFault.Mismatch($"number {Encoding.ASCII.GetString(literal)}", "float64"));
        return 0;
    }
}
