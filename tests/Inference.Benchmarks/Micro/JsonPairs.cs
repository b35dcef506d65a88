using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Inference.Facade.Ollama.Replies;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.Benchmarks.Micro;

/// <summary>The façade's reader and writer against the ones of .NET, on what crosses the wire.</summary>
internal static class JsonPairs
{
    private const string Text = "The sky is blue because air scatters blue light from the sun more than red light. ";
    private const string Code = "if (a < b && c > d) {\n\treturn \"<b>\" + x;\n}\n";

    private static readonly ArrayBufferWriter<byte> Output = new(1 << 16);
    private static readonly Utf8JsonWriter Theirs = new(Output, new JsonWriterOptions { SkipValidation = true });
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static IEnumerable<Pair> All =>
    [
        Line("line of a token", " Hello"),
        Line("line of 4 KB of prose", Repeat(Text, 4096)),
        Line("line of 4 KB of code", Repeat(Code, 4096)),
        Line("line of 4 KB of Chinese", Repeat("天空是蓝色的，因为空气散射阳光。", 1400)),
        Body("request of a chat turn", Encoding.UTF8.GetBytes($$$"""{"model":"toy","prompt":"{{{Text}}}","stream":true,"options":{"temperature":0.5,"num_predict":100,"stop":["a","b"]}}""")),
        Body("request of 64 KB of code", Encoding.UTF8.GetBytes($$"""{"model":"toy","prompt":"{{JsonEncodedText.Encode(Repeat(Code, 65_536), JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}}"}""")),
    ];

    private static Pair Line(string name, string text) => new(
        name,
        () =>
        {
            Output.ResetWrittenCount();
            var json = new GoJsonWriter(Output);
            json.Raw("{\"model\":"u8);
            json.String("toy");
            json.Raw(",\"created_at\":"u8);
            json.Time(Now);
            GenerateReply.Piece(json, text, "", logprobs: null);
            json.Raw("}\n"u8);
        },
        () =>
        {
            Output.ResetWrittenCount();
            Theirs.Reset(Output);
            Theirs.WriteStartObject();
            Theirs.WriteString("model"u8, "toy");
            Theirs.WriteString("created_at"u8, Now);
            Theirs.WriteString("response"u8, text);
            Theirs.WriteBoolean("done"u8, value: false);
            Theirs.WriteEndObject();
            Theirs.Flush();
        });

    // Theirs only walks the tokens and makes the long text: less than a request object takes, so an upper bound.
    private static Pair Body(string name, byte[] body) => new(
        name,
        () => OllamaBody.Decode(body, GenerateCall.Shape, new GenerateCall()),
        () =>
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    _ = reader.GetString();
                }
            }
        });

    private static string Repeat(string text, int length) => string.Concat(Enumerable.Repeat(text, (length / text.Length) + 1))[..length];
}
