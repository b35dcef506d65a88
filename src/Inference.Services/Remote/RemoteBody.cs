using System.Buffers;
using System.Text;
using System.Text.Json;
using Inference.Store;

namespace Inference.Services.Remote;

/// <summary>A request in Ollama's own form, for the server that will answer it: the members of one JSON object, in their order.</summary>
public sealed class RemoteBody
{
    private readonly List<(string Name, ReadOnlyMemory<byte> Value)> _members = [];

    /// <summary>The value of a member; empty where there is none.</summary>
    public ReadOnlyMemory<byte> this[string name]
    {
        get => _members.Find(m => m.Name == name).Value;
        set
        {
            var at = _members.FindIndex(m => m.Name == name);
            if (at < 0)
            {
                _members.Add((name, value));
            }
            else
            {
                _members[at] = (name, value);
            }
        }
    }

    public void Set(string name, Action<Utf8JsonWriter> write)
    {
        var value = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(value))
        {
            write(json);
        }

        this[name] = value.WrittenMemory;
    }

    public byte[] ToBytes()
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write("{"u8);
        for (var i = 0; i < _members.Count; i++)
        {
            body.Write(i > 0 ? ",\""u8 : "\""u8);
            body.Write(Encoding.UTF8.GetBytes(_members[i].Name));
            body.Write("\":"u8);
            body.Write(_members[i].Value.Span);
        }

        body.Write("}"u8);
        return body.WrittenSpan.ToArray();
    }

    /// <summary>Adds what is stored with the model and the request does not say itself (server/routes.go, before the remote call).</summary>
    internal void Complete(StoredModel stored)
    {
        AddOptions(stored.Parameters);
        if (this["messages"].Length > 0)
        {
            AddMessages(stored);
            return;
        }

        Default("system", stored.System);
        Default("template", stored.Template);
    }

    private void Default(string name, string? stored)
    {
        if (stored is { Length: > 0 } && (this[name].Length == 0 || this[name].Span.SequenceEqual("\"\""u8)))
        {
            Set(name, json => json.WriteStringValue(stored));
        }
    }

    private void AddOptions(JsonElement? stored)
    {
        if (stored is not { ValueKind: JsonValueKind.Object } parameters)
        {
            return;
        }

        using var given = JsonDocument.Parse(this["options"].Length > 0 ? this["options"] : "{}"u8.ToArray());
        var root = given.RootElement;
        Set("options", json =>
        {
            json.WriteStartObject();
            foreach (var option in root.EnumerateObject())
            {
                option.WriteTo(json);
            }

            foreach (var parameter in parameters.EnumerateObject().Where(p => !root.TryGetProperty(p.Name, out _)))
            {
                parameter.WriteTo(json);
            }

            json.WriteEndObject();
        });
    }

    private void AddMessages(StoredModel stored)
    {
        using var given = JsonDocument.Parse(this["messages"]);
        if (given.RootElement is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
        {
            return;
        }

        var isOwn = messages[0].ValueKind is JsonValueKind.Object && messages[0].TryGetProperty("role", out var role) && role.ValueEquals("system"u8);
        Set("messages", json =>
        {
            json.WriteStartArray();
            if (!isOwn && stored.System is { Length: > 0 } system)
            {
                WriteMessage(json, "system", system);
            }

            foreach (var message in stored.Messages)
            {
                WriteMessage(json, message.Role, message.Content);
            }

            foreach (var message in messages.EnumerateArray())
            {
                message.WriteTo(json);
            }

            json.WriteEndArray();
        });
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, content);
        json.WriteEndObject();
    }
}
