using System.Globalization;
using System.Text;
using Inference.Errors;

namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>Go's classes of characters.</summary>
internal static class Characters
{
    public const string Spaces = " \t\r\n";

    public static bool IsSpace(char c) => Spaces.Contains(c);

    public static bool IsAlphaNumeric(Rune rune) =>
        rune.Value == '_' || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;

    /// <summary><c>unicode.IsPrint</c>: letters, marks, numbers, punctuation, symbols, and the ASCII space.</summary>
    public static bool IsPrintable(Rune rune) => GoUnicode.IsPrint(rune);

    /// <summary><c>%#U</c>: <c>U+0041 'A'</c>, without the quotes where it does not print.</summary>
    public static string Named(Rune rune) => IsPrintable(rune) ? $"U+{rune.Value:X4} '{rune}'" : $"U+{rune.Value:X4}";
}
