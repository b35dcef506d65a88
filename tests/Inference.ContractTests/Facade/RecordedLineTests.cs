using System.Buffers;
using System.Text;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Inference.Facade.Ollama;
using Inference.Facade.Ollama.Replies;
using Inference.GoJson;
using Inference.V1;

namespace Inference.ContractTests.Facade;

/// <summary>Every object that a real Ollama sent from generate and chat, read into the contract's messages and written again: the same bytes.</summary>
public sealed class RecordedLineTests
{
    private static readonly DateTimeOffset AnyTime = DateTimeOffset.UnixEpoch;

    /// <summary>The files, and how many lines each has.</summary>
    public static TheoryData<string, int> Files => new()
    {
        { "generate", 356 },
        { "chat", 193 },
        { "native", 62 },
        { "demo", 2456 },
        { "parsers", 10_455 },
        { "truncate", 65 },
        { "vision", 13 },
        { "safetensors", 3 },
        { "registry", 1 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Write_WhatOllamaSent_IsTheSame(string file, int expectedLines)
    {
        var lines = 0;
        var differences = new List<string>();
        foreach (var record in Recordings.Read($"ollama/{file}"))
        {
            var path = record.GetProperty("request").GetProperty("path").GetString()!;
            var response = record.GetProperty("response");
            if (path is not ("/api/generate" or "/api/chat") || response.GetProperty("status").GetInt32() != 200 || Recordings.Body(response) is not { } body)
            {
                continue;
            }

            foreach (var line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                lines++;
                var written = Recordings.Masked(Rewrite(path is "/api/chat", JsonSerializer.Deserialize<JsonElement>(line)));
                if (written != Recordings.Masked(line))
                {
                    differences.Add($"{record.GetProperty("id").GetString()}: {written} instead of {line}");
                }
            }
        }

        Assert.Equal([], differences);
        Assert.Equal(expectedLines, lines);
    }

    private static string Rewrite(bool chat, JsonElement line)
    {
        var body = new ArrayBufferWriter<byte>();
        var json = new GoJsonWriter(body);
        if (line.TryGetProperty("error", out var error))
        {
            new GoMembers(json).Next("\"error\":"u8).String(error.GetString());
            json.Raw("}"u8);
            return Encoding.UTF8.GetString(body.WrittenSpan);
        }

        OllamaHead.WriteModel(json, line.GetProperty("model").GetString()!);
        json.Time(AnyTime);
        if (chat)
        {
            Chat(json, line);
        }
        else
        {
            Generate(json, line);
        }

        json.Raw("}"u8);
        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static void Chat(GoJsonWriter json, JsonElement line)
    {
        var message = line.GetProperty("message");
        var calls = Calls(message);
        if (line.TryGetProperty("_debug_info", out var debug))
        {
            ChatReply.Rendered(json, Rendered(debug));
        }
        else if (Reason(line) is "load" or "unload")
        {
            ChatReply.Empty(json, Reason(line));
        }
        else if (line.GetProperty("done").GetBoolean())
        {
            ChatReply.Last(json, String(message, "content"), String(message, "thinking"), calls, Finish(line));
        }
        else
        {
            ChatReply.Piece(json, String(message, "content"), String(message, "thinking"), calls, Logprobs(line));
        }
    }

    private static void Generate(GoJsonWriter json, JsonElement line)
    {
        if (line.TryGetProperty("_debug_info", out var debug))
        {
            GenerateReply.Rendered(json, Rendered(debug));
        }
        else if (Reason(line) is "load" or "unload")
        {
            GenerateReply.Empty(json, Reason(line));
        }
        else if (line.GetProperty("done").GetBoolean())
        {
            GenerateReply.Last(json, String(line, "response"), String(line, "thinking"), Calls(line), Finish(line));
        }
        else
        {
            GenerateReply.Piece(json, String(line, "response"), String(line, "thinking"), Logprobs(line));
        }
    }

    private static string Reason(JsonElement line) => String(line, "done_reason");

    private static GenerationFinish Finish(JsonElement line) => new()
    {
        Reason = Reason(line) is "stop" ? FinishReason.Stop : FinishReason.MaxTokens,
        Context = { line.TryGetProperty("context", out var context) ? context.EnumerateArray().Select(t => t.GetInt32()) : [] },
        Logprobs = Logprobs(line),
        Usage = new Usage { PromptTokens = (int)Int(line, "prompt_eval_count"), CompletionTokens = (int)Int(line, "eval_count") },
        Timings = new Timings
        {
            TotalDuration = Duration(line, "total_duration"),
            LoadDuration = Duration(line, "load_duration"),
            PromptDuration = Duration(line, "prompt_eval_duration"),
            CompletionDuration = Duration(line, "eval_duration"),
        },
    };

    private static RenderPromptResponse Rendered(JsonElement debug) =>
        new() { Prompt = String(debug, "rendered_template"), MediaCount = (int)Int(debug, "image_count") };

    private static List<ToolCall> Calls(JsonElement message) => message.TryGetProperty("tool_calls", out var calls)
        ? [.. calls.EnumerateArray().Select(static call => new ToolCall
        {
            Id = String(call, "id"),
            Index = (int)Int(call.GetProperty("function"), "index"),
            Name = String(call.GetProperty("function"), "name"),
            ArgumentsJson = call.GetProperty("function").GetProperty("arguments").GetRawText(),
        })]
        : [];

    private static Logprobs? Logprobs(JsonElement line) => line.TryGetProperty("logprobs", out var tokens)
        ? new Logprobs { Tokens = { tokens.EnumerateArray().Select(Token) } }
        : null;

    private static TokenLogprob Token(JsonElement token) => new()
    {
        Text = String(token, "token"),
        Logprob = token.GetProperty("logprob").GetDouble(),
        Top = { token.TryGetProperty("top_logprobs", out var top) ? top.EnumerateArray().Select(Token) : [] },
    };

    private static Duration Duration(JsonElement line, string name) => new()
    {
        Seconds = Int(line, name) / Google.Protobuf.WellKnownTypes.Duration.NanosecondsPerSecond,
        Nanos = (int)(Int(line, name) % Google.Protobuf.WellKnownTypes.Duration.NanosecondsPerSecond),
    };

    private static string String(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static long Int(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
