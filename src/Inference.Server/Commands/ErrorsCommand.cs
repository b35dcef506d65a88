using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Inference.Errors;
using Inference.Server.Start;

namespace Inference.Server.Commands;

/// <summary>Prints the catalogue. What it prints is also in <c>protos/errors.json</c> and <c>protos/ERRORS.md</c>.</summary>
internal static class ErrorsCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal enum Format
    {
        Json,
        Markdown,
    }

    public static int Run(Format format, InvocationConfiguration console)
    {
        console.Output.Write(format is Format.Json ? Json() : Markdown());
        return (int)ExitCode.Success;
    }

    public static string Json() => JsonSerializer.Serialize(new { domain = Error.Domain, errors = CatalogueListing.Entries() }, Indented) + "\n";

    public static string Markdown()
    {
        var page = new StringBuilder(
            """
            # Errors

            Every error that the server can return; `inference errors --format markdown` prints this page, `inference errors` the same as JSON. When each is
            returned is said in `inference/v1/errors.proto` and in the comments of the rpcs. Variable parts stand in braces: they are the metadata of the error's
            `google.rpc.ErrorInfo`. *HTTP* is the status of Ollama's routes, *REST* that of `/inference/v1`. *Retry*: what `google.rpc.RetryInfo` says; without it, do not retry.

            | reason | gRPC code | REST | HTTP | retry | message | details besides ErrorInfo |
            |---|---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var error in CatalogueListing.Entries())
        {
            var retry = error.RetryAfterMs is { } wait ? string.Create(CultureInfo.InvariantCulture, $"{wait / 1000.0} s") : "";
            var details = string.Join(", ", error.Details.Where(static d => d is not "RetryInfo"));
            page.Append(CultureInfo.InvariantCulture, $"| `{error.Reason}` | {error.Code} | {error.Rest} | {error.Http} | {retry} | {Cell(error.Message)} | {details} |\n");
        }

        page.Append(
            """

            ## In Ollama's words

            Where a route of Ollama's says something else than the message and the HTTP status above. *documented* is the dialect of `--dialect documented`.

            | reason | dialect | when | routes | HTTP | text |
            |---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var error in CatalogueListing.Entries())
        {
            foreach (var text in error.Ollama.Where(t => t.Text != error.Message || t.Status != error.Http))
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{error.Reason}` | {text.Dialect} | {Cell(text.Condition)} | {(text.Routes.Count == 0 ? "all" : string.Join(", ", text.Routes))} | {text.Status} | {Cell(text.Text)} |\n");
            }
        }

        return page.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
