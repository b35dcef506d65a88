using System.Globalization;

namespace Inference.Store.Making;

/// <summary>Numbers of weights as people write them: Ollama's format.HumanNumber.</summary>
public static class WeightsCount
{
    private const long Thousand = 1_000;
    private const long Million = 1_000_000;
    private const long Billion = 1_000_000_000;

    public static string Format(long count) => count switch
    {
        >= Billion => Scaled(count / (double)Billion, "0.0", "B"),
        >= Million => Scaled(count / (double)Million, "0.00", "M"),
        >= Thousand => Math.Round(count / (double)Thousand, MidpointRounding.ToEven).ToString("0", CultureInfo.InvariantCulture) + "K",
        _ => count.ToString(CultureInfo.InvariantCulture),
    };

    // No decimals for a whole number.
    private static string Scaled(double number, string decimals, string unit) =>
        number.ToString(Math.Floor(number) == number ? "0" : decimals, CultureInfo.InvariantCulture) + unit;
}
