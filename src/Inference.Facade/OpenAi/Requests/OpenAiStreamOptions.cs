using Inference.GoJson;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>stream_options (openai.StreamOptions).</summary>
internal sealed class OpenAiStreamOptions
{
    public static readonly GoStruct<OpenAiStreamOptions> Shape = new("StreamOptions", "openai.StreamOptions",
        ("include_usage", static (r, o) => o.IncludeUsage = r.Bool(o.IncludeUsage)));

    public bool IncludeUsage { get; private set; }
}
