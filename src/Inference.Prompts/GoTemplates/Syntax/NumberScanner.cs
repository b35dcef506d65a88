namespace Inference.Prompts.GoTemplates.Syntax;

/// <summary>Finds where a number ends. Accepts a little too much; <see cref="NumberNode"/> finds out.</summary>
internal sealed class NumberScanner(string text)
{
    private const string Decimal = "0123456789_";
    private const string Hexadecimal = "0123456789abcdefABCDEF_";

    /// <returns>What it is, null where it is none, and the position behind what was read.</returns>
    public (TokenKind? Kind, int End) Scan(int start)
    {
        var end = start;
        if (!ScanOne(ref end))
        {
            return (null, end);
        }

        if (end >= text.Length || text[end] is not ('+' or '-'))
        {
            return (TokenKind.Number, end);
        }

        // 1+2i: without spaces, and the second is imaginary.
        return ScanOne(ref end) && text[end - 1] == 'i' ? (TokenKind.Complex, end) : (null, end);
    }

    private bool ScanOne(ref int at)
    {
        Accept(ref at, "+-");
        var digits = Decimal;
        if (Accept(ref at, "0"))
        {
            digits = Accept(ref at, "xX") ? Hexadecimal : Accept(ref at, "oO") ? "01234567_" : Accept(ref at, "bB") ? "01_" : Decimal;
        }

        AcceptRun(ref at, digits);
        if (Accept(ref at, "."))
        {
            AcceptRun(ref at, digits);
        }

        if (Accept(ref at, digits == Decimal ? "eE" : digits == Hexadecimal ? "pP" : ""))
        {
            Accept(ref at, "+-");
            AcceptRun(ref at, Decimal);
        }

        Accept(ref at, "i");
        if (at < text.Length && System.Text.Rune.TryGetRuneAt(text, at, out var rune) && Characters.IsAlphaNumeric(rune))
        {
            at += rune.Utf16SequenceLength;
            return false;
        }

        return true;
    }

    private bool Accept(ref int at, string valid)
    {
        if (at >= text.Length || !valid.Contains(text[at]))
        {
            return false;
        }

        at++;
        return true;
    }

    private void AcceptRun(ref int at, string valid)
    {
        while (Accept(ref at, valid))
        {
        }
    }
}
