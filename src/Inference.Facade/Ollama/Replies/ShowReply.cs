using Google.Protobuf.Collections;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.Ollama.Replies;

/// <summary>The reply of /api/show (api/types.go, ShowResponse).</summary>
internal static class ShowReply
{
    public static void Write(GoJsonWriter json, GetModelResponse shown, string modelfile, TimeZoneInfo zone)
    {
        var model = shown.Model;
        var members = new GoMembers(json);
        members.Optional("\"license\":"u8, string.Join('\n', shown.Licenses));
        members.Optional("\"modelfile\":"u8, modelfile);
        members.Optional("\"parameters\":"u8, string.Join('\n', OllamaParameters.Lines(shown.Parameters)));
        members.Optional("\"template\":"u8, shown.Template);
        members.Optional("\"system\":"u8, shown.System);
        members.Next("\"details\":"u8).WriteDetails(model.Details ?? new ModelDetails());
        if (shown.Messages.Count > 0)
        {
            members.Next("\"messages\":"u8).List(shown.Messages, Message);
        }

        members.Optional("\"remote_model\":"u8, model.RemoteModel);
        members.Optional("\"remote_host\":"u8, model.RemoteHost);
        Metadata(members.Next("\"model_info\":"u8), shown.Metadata);
        if (shown.ProjectorMetadata.Count > 0)
        {
            Metadata(members.Next("\"projector_info\":"u8), shown.ProjectorMetadata);
        }

        if (shown.Tensors.Count > 0)
        {
            members.Next("\"tensors\":"u8).List(shown.Tensors, Tensor);
        }

        json.WriteCapabilities(model);
        members.Next("\"modified_at\":"u8).WriteLocal(model.ModifyTime, zone);
        members.Optional("\"requires\":"u8, shown.Requires);
        members.End();
    }

    private static void Message(GoJsonWriter json, ChatMessage message)
    {
        json.Raw("{\"role\":"u8);
        json.String(OllamaRoles.Name(message));
        json.Raw(",\"content\":"u8);
        json.String(string.Concat(message.Content.Select(static p => p.Text)));
        json.Raw("}"u8);
    }

    private static void Metadata(GoJsonWriter json, MapField<string, GgufValue> metadata)
    {
        json.Raw("{"u8);
        var separator = ""u8;
        foreach (var (key, value) in metadata.OrderBy(static m => m.Key, GoAny.ByBytes))
        {
            json.Raw(separator);
            json.Key(key);
            Value(json, value);
            separator = ","u8;
        }

        json.Raw("}"u8);
    }

    private static void Value(GoJsonWriter json, GgufValue value)
    {
        switch (value.KindCase)
        {
            case GgufValue.KindOneofCase.IntegerValue:
                json.Int(value.IntegerValue);
                return;
            case GgufValue.KindOneofCase.UnsignedValue:
                json.Unsigned(value.UnsignedValue);
                return;
            case GgufValue.KindOneofCase.FloatValue:
                json.Float(value.FloatValue);
                return;
            case GgufValue.KindOneofCase.DoubleValue:
                json.Double(value.DoubleValue);
                return;
            case GgufValue.KindOneofCase.BoolValue:
                json.Bool(value.BoolValue);
                return;
            case GgufValue.KindOneofCase.StringValue:
                json.String(value.StringValue);
                return;
            case GgufValue.KindOneofCase.ArrayValue:
                Array(json, value.ArrayValue);
                return;
            default:
                json.Raw("null"u8);
                return;
        }
    }

    // Arrays that were left out are null, but one without elements is itself.
    private static void Array(GoJsonWriter json, GgufArray array)
    {
        if (array.ByteValues.Length > 0)
        {
            json.Bytes(array.ByteValues.Span);
        }
        else if (array.Values.Count == 0 && array.Length > 0)
        {
            json.Raw("null"u8);
        }
        else
        {
            json.List(array.Values, Value);
        }
    }

    private static void Tensor(GoJsonWriter json, Tensor tensor)
    {
        json.Raw("{\"name\":"u8);
        json.String(tensor.Name);
        json.Raw(",\"type\":"u8);
        json.String(tensor.Type);
        json.Raw(",\"shape\":"u8);
        json.List(tensor.Shape, static (json, length) => json.Unsigned(length));
        json.Raw("}"u8);
    }
}
