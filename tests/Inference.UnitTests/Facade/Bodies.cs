using System.Text;
using Inference.Errors;
using Inference.Facade.Ollama.Requests;
using Inference.GoJson;

namespace Inference.UnitTests.Facade;

/// <summary>Bodies of the /v1 routes.</summary>
internal static class Bodies
{
    public static T Decoded<T>(string body, GoStruct<T> shape, T target)
    {
        OllamaBody.Decode(Encoding.UTF8.GetBytes(body), shape, target, nothing: "EOF");
        return target;
    }

    /// <summary>The reason, and what a native route would say of it.</summary>
    public static (string Reason, string Text) Problem(Action act, OllamaRoute route = OllamaRoute.Other)
    {
        var error = Assert.Throws<InferenceException>(act).Error;
        return (error.Kind.Reason, error.ToOllama(route).Text);
    }
}
