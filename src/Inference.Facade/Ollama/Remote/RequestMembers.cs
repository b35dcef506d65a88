using System.Buffers;
using Inference.Errors;
using Inference.GoJson;

namespace Inference.Facade.Ollama.Remote;

/// <summary>The members of a JSON object, as they are: for requests that another server reads in the end, and for what it answers.</summary>
internal static class RequestMembers
{
    /// <summary>The members of a text that is an object, of which the last of a name counts; none for null.</summary>
    /// <exception cref="InferenceException">REQUEST_MALFORMED.</exception>
    public static OrderedDictionary<string, ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> json)
    {
        var members = new OrderedDictionary<string, ReadOnlyMemory<byte>>();
        try
        {
            GoJsonReader.Decode(json, members, static (reader, members) => reader.Members("map[string]json.RawMessage", name => members[name] = reader.Raw()));
        }
        catch (GoJsonException problem)
        {
            throw Catalogue.RequestMalformed.Because(problem, problem.Message);
        }

        return members;
    }

    /// <summary>The object with another model. Whatever the case of the names that stood for it, one is left.</summary>
    public static ReadOnlyMemory<byte> WithModel(ReadOnlyMemory<byte> json, string model)
    {
        var body = new ArrayBufferWriter<byte>(json.Length + model.Length);
        var writer = new GoJsonWriter(body);
        writer.Raw("{\"model\":"u8);
        writer.String(model);
        foreach (var (name, value) in Of(json).Where(static m => !IsModel(m.Key)))
        {
            writer.Raw(","u8);
            writer.Key(name);
            writer.Raw(value.Span);
        }

        writer.Raw("}"u8);
        return body.WrittenMemory;
    }

    public static bool IsModel(string name) => name.Equals("model", StringComparison.OrdinalIgnoreCase);
}
