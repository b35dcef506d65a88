using Inference.GoJson;
using Inference.V1;

namespace Inference.Facade.OpenAi.Replies;

/// <summary>The objects of /v1/models (openai.ListCompletion, openai.Model).</summary>
internal static class ModelList
{
    public static void Write(GoJsonWriter json, IReadOnlyCollection<Model> models)
    {
        json.Raw("{\"object\":\"list\",\"data\":"u8);
        if (models.Count == 0)
        {
            json.Raw("null"u8);
        }
        else
        {
            json.List(models, static (json, model) => WriteOne(json, model.Name, model));
        }

        json.Raw("}"u8);
    }

    /// <param name="json">Where to.</param>
    /// <param name="id">The name as it was asked for.</param>
    /// <param name="model">The model.</param>
    public static void WriteOne(GoJsonWriter json, string id, Model model)
    {
        json.Raw("{\"id\":"u8);
        json.String(id);
        json.Raw(",\"object\":\"model\",\"created\":"u8);
        json.Int(model.ModifyTime?.Seconds ?? 0);
        json.Raw(",\"owned_by\":"u8);
        json.String(Namespace(model.Name));
        json.Raw("}"u8);
    }

    // [host/][namespace/]model[:tag]; what is left out is the library.
    private static string Namespace(string name) => name.Split('/') is [.., var space, _] ? space : "library";
}
