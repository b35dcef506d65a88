using System.Buffers.Binary;
using Inference.Facade.Ollama.Replies;
using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>The object of /v1/embeddings (openai.EmbeddingList).</summary>
internal static class EmbeddingList
{
    public static void Write(GoJsonWriter json, string model, EmbedAnswer answer, bool asBase64)
    {
        json.Raw("{\"object\":\"list\",\"data\":"u8);
        json.List(answer.Embeddings, (json, e) =>
        {
            json.Raw("{\"object\":\"embedding\",\"embedding\":"u8);
            Vector(json, e, asBase64);
            json.Raw(",\"index\":"u8);
            json.Int(e.Index);
            json.Raw("}"u8);
        });
        json.Raw(",\"model\":"u8);
        json.String(model);
        var tokens = answer.Finish.Usage?.PromptTokens ?? 0;
        json.Raw(",\"usage\":{\"prompt_tokens\":"u8);
        json.Int(tokens);
        json.Raw(",\"total_tokens\":"u8);
        json.Int(tokens);
        json.Raw("}}"u8);
    }

    private static void Vector(GoJsonWriter json, Embedding embedding, bool asBase64)
    {
        if (!asBase64)
        {
            json.List(embedding.Values, static (json, x) => json.Float(x));
            return;
        }

        var bytes = new byte[embedding.Values.Count * sizeof(float)];
        for (var i = 0; i < embedding.Values.Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), embedding.Values[i]);
        }

        json.String(Convert.ToBase64String(bytes));
    }
}
