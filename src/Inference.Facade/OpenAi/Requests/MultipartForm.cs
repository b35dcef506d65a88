using System.Text;
using Inference.Errors;

namespace Inference.Facade.OpenAi.Requests;

/// <summary>A form with files in it, as Go's mime/multipart reads it; what is wrong with one is said in its words.</summary>
internal sealed class MultipartForm
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _files = new(StringComparer.Ordinal);

    /// <summary>Of several under one name the first counts; none is an empty text.</summary>
    public string Value(string name) => _values.GetValueOrDefault(name, "");

    /// <summary>Null where there is no such file.</summary>
    public ReadOnlyMemory<byte>? File(string name) => _files.TryGetValue(name, out var file) ? file : default(ReadOnlyMemory<byte>?);

    /// <exception cref="InferenceException">REQUEST_MALFORMED.</exception>
    public static MultipartForm Read(string contentType, ReadOnlyMemory<byte> body)
    {
        var type = GoMediaType.Parse(contentType);
        if (type?.Type is not "multipart/form-data")
        {
            throw Malformed("request Content-Type isn't multipart/form-data");
        }

        if (!type.Parameters.TryGetValue("boundary", out var boundary))
        {
            throw Malformed("no multipart boundary param in Content-Type");
        }

        var form = new MultipartForm();
        var parts = new MultipartReader(boundary, body);
        while (parts.Next() is { } part)
        {
            form.Add(part);
        }

        return parts.Problem is { } found ? throw Malformed(found) : form;
    }

    private static InferenceException Malformed(string problem) => Catalogue.RequestMalformed.For($"failed to parse multipart form: {problem}");

    private void Add(MultipartPart part)
    {
        var disposition = GoMediaType.Parse(part.Disposition);
        if (disposition is not { Type: "form-data" } || !disposition.Parameters.TryGetValue("name", out var name) || name.Length == 0)
        {
            return;
        }

        if (disposition.Parameters.GetValueOrDefault("filename") is { Length: > 0 })
        {
            _files.TryAdd(name, part.Body);
        }
        else
        {
            _values.TryAdd(name, Encoding.UTF8.GetString(part.Body.Span));
        }
    }
}

/// <summary>One part of a form.</summary>
/// <param name="Disposition">Its Content-Disposition header.</param>
/// <param name="Body">Its bytes.</param>
internal sealed record MultipartPart(string Disposition, ReadOnlyMemory<byte> Body);
