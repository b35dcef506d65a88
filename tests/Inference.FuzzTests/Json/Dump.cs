using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;
using Inference.V1;

namespace Inference.FuzzTests.Json;

/// <summary>What our decoder makes of a body, in one line (<see cref="Printed"/>), or what it says is wrong with it.</summary>
internal static class Dump
{
    public static string Of(string route, byte[] body)
    {
        try
        {
            return route switch
            {
                "generate" => Generate(body),
                "chat" => Chat(body),
                "embed" => Embed(body),
                "embeddings" => Embeddings(body),
                "show" => Show(body),
                _ => throw new ArgumentException(route, nameof(route)),
            };
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.RequestMalformed)
        {
            return Problem(e.Message);
        }
    }

    /// <summary>How a refusal is printed.</summary>
    public static string Problem(string text) => "!" + Printed.Text(text);

    private static string Generate(byte[] body)
    {
        var c = new GenerateCall();
        OllamaBody.Decode(body, GenerateCall.Shape, c);
        return Line(
            Printed.Text(c.Request.Model), Printed.Text(c.Request.Prompt), Printed.Text(c.Request.Suffix), Printed.Text(c.System), Printed.Text(c.Request.Template),
            Printed.List(c.Context, Printed.Int), Printed.Pointer(c.Stream), Printed.Bool(c.Request.Raw), Format(c), KeepAlive(c.KeepAlive),
            Printed.List(c.Images, static i => i.Data.ToBase64()), Printed.Map(c.Options), Think(c.Think), Rest(c));
    }

    private static string Chat(byte[] body)
    {
        var c = new ChatCall();
        OllamaBody.Decode(body, ChatCall.Shape, c);
        return Line(
            Printed.Text(c.Request.Model), Printed.List(c.Messages, Message), Printed.Pointer(c.Stream), Format(c), KeepAlive(c.KeepAlive),
            Printed.List(c.Tools, Tool), Printed.Map(c.Options), Think(c.Think), Rest(c));
    }

    private static string Embed(byte[] body)
    {
        var c = new EmbedCall();
        OllamaBody.Decode(body, EmbedCall.Shape, c);
        return Line(
            Printed.Text(c.Model), Printed.Any(c.Input), KeepAlive(c.KeepAlive), Printed.Pointer(c.Truncate), Printed.Int(c.Dimensions), Printed.Map(c.Options));
    }

    private static string Embeddings(byte[] body)
    {
        var c = new EmbeddingsCall();
        OllamaBody.Decode(body, EmbeddingsCall.Shape, c);
        return Line(Printed.Text(c.Model), Printed.Text(c.Prompt), KeepAlive(c.KeepAlive), Printed.Map(c.Options));
    }

    private static string Show(byte[] body)
    {
        var c = new ShowCall();
        OllamaBody.Decode(body, ShowCall.Shape, c);
        return Line(Printed.Text(c.Model), Printed.Text(c.System), Printed.Bool(c.Verbose), Printed.Map(c.Options), Printed.Text(c.Name));
    }

    private static string Line(params string[] fields) => string.Join(' ', fields);

    private static string Rest(OllamaCall c) => Line(
        Printed.Pointer(c.Truncate), Printed.Pointer(c.Shift), Printed.Bool(c.RenderOnly), Printed.Bool(c.Logprobs), Printed.Int(c.TopLogprobs));

    // Bytes that are no text are one U+FFFD each when Go prints them.
    private static string Format(OllamaCall c) => Printed.Text(GoText.FromUtf8(c.Format.Span));

    private static string KeepAlive(Duration? keep) => Printed.KeepAlive(keep switch
    {
        null => null,
        { Seconds: < 0 } => long.MaxValue,
        _ => (keep.Seconds * 1_000_000_000) + keep.Nanos,
    });

    private static string Think(Thinking? think) => think switch
    {
        null => Printed.Nothing,
        { SettingCase: Thinking.SettingOneofCase.Level } => Printed.Text(think.Level.ToString().ToLowerInvariant()),
        _ => Printed.Bool(think.Enabled),
    };

    private static string Message(OllamaMessage m) =>
        $"({Printed.Text(m.Role)}{Printed.Text(m.Content)}{Printed.Text(m.Thinking)}{Printed.List(m.Images, static i => i.Data.ToBase64())}{Printed.List(m.ToolCalls, Call)}{Printed.Text(m.ToolName)}{Printed.Text(m.ToolCallId)})";

    private static string Call(OllamaToolCall c)
    {
        using var arguments = JsonDocument.Parse(c.ToContract().ArgumentsJson);
        return $"({Printed.Text(c.Id)}({Printed.Int(c.Index)}{Printed.Text(c.Name)}{Members(arguments.RootElement, Printed.Any)}))";
    }

    private static string Tool(OllamaTool t)
    {
        var schema = t.ToContract().Function.ParametersJsonSchema;
        using var parameters = JsonDocument.Parse(schema.Length > 0 ? schema : "{}");
        var p = parameters.RootElement;
        return $"({Printed.Text(t.Kind)}({Printed.Text(t.Name)}{Printed.Text(t.Description)}({Text(p, "type")}{Any(p, "$defs")}{Any(p, "items")}{List(p, "required")}{Properties(p)})))";
    }

    private static string Property(JsonElement p) =>
        $"({List(p, "anyOf", Property)}{Types(p)}{Any(p, "items")}{Text(p, "description")}{List(p, "enum")}{Properties(p)}{List(p, "required")})";

    private static string Types(JsonElement p) =>
        p.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String ? $"[{Printed.Any(type)}]" : List(p, "type");

    private static string Properties(JsonElement p) =>
        p.TryGetProperty("properties", out var map) && map.ValueKind is JsonValueKind.Object ? Members(map, Property) : Printed.Nothing;

    private static string Members(JsonElement map, Func<JsonElement, string> print) =>
        Printed.Ordered(map.EnumerateObject().Select(static m => KeyValuePair.Create(m.Name, m.Value)), print);

    private static string Text(JsonElement p, string name) => p.TryGetProperty(name, out var value) ? Printed.Any(value) : Printed.Text("");

    private static string Any(JsonElement p, string name) => p.TryGetProperty(name, out var value) ? Printed.Any(value) : Printed.Nothing;

    private static string List(JsonElement p, string name) => List(p, name, Printed.Any);

    private static string List(JsonElement p, string name, Func<JsonElement, string> print) =>
        p.TryGetProperty(name, out var list) ? Printed.List(list.EnumerateArray(), print) : "[]";
}
