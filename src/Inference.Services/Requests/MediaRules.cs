using Google.Protobuf;
using Inference.Errors;
using Inference.Services.Knowledge;
using Inference.Store.Capabilities;
using Inference.V1;
using Capability = Inference.Store.Capabilities.Capability;

namespace Inference.Services.Requests;

/// <summary>Images and sounds, as Ollama checks them before its engine sees them.</summary>
internal static class MediaRules
{
    /// <summary>All of a conversation, each with its path.</summary>
    public static List<(string Field, Media Media)> Media(this IList<ChatMessage> messages) =>
    [
        .. messages.SelectMany(static (m, i) => m.Content.Select((p, k) => (Part: p, Path: $"messages[{i}].content[{k}].media.data")))
            .Where(static p => p.Part.KindCase is ContentPart.KindOneofCase.Media).Select(static p => (p.Path, p.Part.Media)),
    ];

    /// <exception cref="InferenceException">MEDIA_TOO_MANY: this family sees one image at a time.</exception>
    public static void CheckCount(this FoundModel model, int count)
    {
        const int Limit = 1;
        if (count > Limit && model.IsOfFamily("mllama"))
        {
            throw Catalogue.MediaTooMany.For(count, Limit);
        }
    }

    /// <param name="model">Who is to see them.</param>
    /// <param name="media">All, each with its path.</param>
    /// <param name="isEarly">Ollama looks at them before the reply begins.</param>
    /// <exception cref="InferenceException">MEDIA_INVALID, CAPABILITY_MISSING, FEATURE_UNSUPPORTED.</exception>
    public static void CheckMedia(this FoundModel model, IReadOnlyList<(string Field, Media Media)> media, bool isEarly)
    {
        if (media.Count == 0)
        {
            return;
        }

        foreach (var (field, item) in media)
        {
            CheckImage(field, item.Data, isEarly);
        }

        if (!model.Has(Capability.Audio))
        {
            model.Require(Capability.Vision);
        }

        throw Catalogue.FeatureUnsupported.For("input of images and sounds");
    }

    // The engine reads every kind of image but this, which is made another kind on the way to it.
    private static void CheckImage(string field, ByteString data, bool isEarly)
    {
        if (WebpFile.Problem(data.Span) is { } problem)
        {
            var error = Catalogue.MediaInvalid.For(field, $"decode WebP image: {problem}").Error;
            throw new InferenceException(isEarly ? error with { Facts = error.Facts.With("phase", "prompt") } : error);
        }
    }
}
