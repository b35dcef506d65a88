using System.Globalization;
using System.Text;
using Google.Protobuf.Collections;
using Inference.Errors;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>Output formats as grammars in llama.cpp's GBNF notation.</summary>
internal static class Grammars
{
    private const int MostChoices = 1024;

    /// <summary>
    /// Any JSON object. Space between tokens is one blank, or a line break with some indentation: without a bound, a model that
    /// does not know how to go on writes blanks for ever. Digits are bounded for the same reason.
    /// </summary>
    public const string JsonObject = """
        root   ::= object
        object ::= "{" ws ( member ( "," ws member )* )? "}"
        member ::= string ws ":" ws value ws
        array  ::= "[" ws ( value ws ( "," ws value ws )* )? "]"
        value  ::= object | array | string | number | "true" | "false" | "null"
        string ::= "\"" ( [^"\\\x00-\x1F\x7F] | "\\" ( ["\\/bfnrt] | "u" [0-9a-fA-F]{4} ) )* "\""
        number ::= "-"? ( "0" | [1-9] [0-9]{0,15} ) ( "." [0-9]{1,16} )? ( [eE] [-+]? [0-9]{1,3} )?
        ws     ::= ( " " | "\n" [ \t]{0,20} )?
        """;

    /// <summary>Reports what is wrong with a format.</summary>
    public static void Check(this OutputFormat format, FieldErrors errors)
    {
        switch (format.KindCase)
        {
            case OutputFormat.KindOneofCase.None:
                errors.Required("format.kind");
                break;
            case OutputFormat.KindOneofCase.JsonSchema when format.JsonSchema.Length == 0:
                errors.Required("format.json_schema");
                break;
            case OutputFormat.KindOneofCase.Gbnf when format.Gbnf.Length == 0:
                errors.Required("format.gbnf");
                break;
            case OutputFormat.KindOneofCase.Regex when format.Regex.Length == 0:
                errors.Required("format.regex");
                break;
            case OutputFormat.KindOneofCase.Choice:
                CheckChoices(format.Choice.Choices, errors);
                break;
        }
    }

    /// <summary>Null for no constraint.</summary>
    /// <exception cref="InferenceException">FEATURE_UNSUPPORTED.</exception>
    public static string? Of(OutputFormat? format) => format?.KindCase switch
    {
        null or OutputFormat.KindOneofCase.None => null,
        OutputFormat.KindOneofCase.Json => JsonObject,
        OutputFormat.KindOneofCase.Gbnf => format.Gbnf,
        OutputFormat.KindOneofCase.Choice => $"root ::= {string.Join(" | ", format.Choice.Choices.Select(Literal))}",
        OutputFormat.KindOneofCase.JsonSchema => throw Catalogue.FeatureUnsupported.For("format.json_schema"),
        OutputFormat.KindOneofCase.Regex => throw Catalogue.FeatureUnsupported.For("format.regex"),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format.KindCase, message: null),
    };

    private static void CheckChoices(RepeatedField<string> choices, FieldErrors errors)
    {
        if (choices.Count is 0 or > MostChoices)
        {
            errors.Invalid("format.choice.choices", choices.Count, $"must be 1 to {MostChoices} texts");
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < choices.Count; i++)
        {
            if (choices[i].Length == 0)
            {
                errors.Invalid($"format.choice.choices[{i}]", "", "must not be empty");
            }
            else if (!seen.Add(choices[i]))
            {
                errors.Invalid($"format.choice.choices[{i}]", choices[i], "must differ from the others");
            }
        }
    }

    private static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => literal.Append('\\').Append(c),
                < ' ' or '\x7f' => literal.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
                _ => literal.Append(c),
            };
        }

        return literal.Append('"').ToString();
    }
}
