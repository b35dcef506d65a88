using Inference.GoJson;
using Inference.Services.Upkeep;
using Inference.V1;

namespace Inference.Facade.Ollama.Requests;

/// <summary>A body of POST /api/create.</summary>
internal sealed class CreateCall
{
    public static readonly GoStruct<CreateCall> Shape = new("CreateRequest", "api.CreateRequest",
    [
        ("model", static (r, c) => c._model = r.String(c._model)),
        ("stream", static (r, c) => c._stream = r.BoolPointer(c._stream)),
        ("quantize", static (r, c) => c._quantize = r.String(c._quantize)),
        ("draft_quantize", static (r, c) => c._request.DraftQuantize = r.String(c._request.DraftQuantize)),
        ("from", static (r, c) => c._from = r.String(c._from)),
        ("remote_host", static (r, c) => c._request.RemoteHost = r.String(c._request.RemoteHost)),
        ("files", static (r, c) => c._files = r.Texts(c._files)),
        ("draft_files", static (r, c) => c._draftFiles = r.Texts(c._draftFiles)),
        ("adapters", static (r, c) => c._adapters = r.Texts(c._adapters)),
        ("template", static (r, c) => c._request.Template = r.String(c._request.Template)),
        ("license", static (r, c) => c._license = r.Any()),
        ("system", static (r, c) => c._request.System = r.String(c._request.System)),
        ("parameters", static (r, c) => r.Map(c._parameters)),
        ("messages", static (r, c) => r.List(c._messages, "[]api.Message", static () => new OllamaMessage(), static (r, _) => OllamaMessage.Read(r))),
        ("renderer", static (r, c) => c._request.Renderer = r.String(c._request.Renderer)),
        ("parser", static (r, c) => c._request.Parser_ = r.String(c._request.Parser_)),
        ("requires", static (r, c) => c._request.Requires = r.String(c._request.Requires)),
        ("info", static (r, c) => r.Map(c._info)),
        ("name", static (r, c) => c._name = r.String(c._name)),
        ("quantization", static (r, c) => c._quantization = r.String(c._quantization)),
    ]);

    private readonly CreateModelRequest _request = new();
    private readonly Dictionary<string, object?> _parameters = [];
    private readonly Dictionary<string, object?> _info = [];
    private readonly List<OllamaMessage> _messages = [];
    private string _model = "";
    private string _name = "";
    private string _from = "";
    private string _quantize = "";
    private string _quantization = "";
    private Dictionary<string, string>? _files;
    private Dictionary<string, string>? _draftFiles;
    private Dictionary<string, string>? _adapters;
    private object? _license;
    private bool? _stream;

    public bool Streams => _stream ?? true;

    /// <summary>The request, and what in it has no place there.</summary>
    public (CreateModelRequest Request, CreateFaults Faults) ToContract()
    {
        var info = OllamaOverrides.Read(_info);
        var license = OllamaLicense.Read(_license);
        _request.Model = _model.Length > 0 ? _model : _name;
        _request.Quantize = _quantize.Length > 0 ? _quantize : _quantization;
        _request.Overrides = info.Overrides;
        _request.Licenses.AddRange(license.Texts);
        _request.Messages.AddRange(_messages.Select(static m => m.ToContract()));
        _request.DraftFiles = ToFiles(_draftFiles);
        _request.Adapters = ToFiles(_adapters);
        if (_parameters.Count > 0)
        {
            _request.Parameters = OllamaValue.ToStruct(_parameters);
        }

        var files = ToFiles(_files);
        // Of both, `from` counts.
        if (_from.Length > 0)
        {
            _request.FromModel = _from;
        }
        else if (files is not null)
        {
            _request.Files = files;
        }

        return (_request, new CreateFaults(info.Fault, license.Fault) { UnusedFiles = _from.Length > 0 ? files : null });
    }

    private static ModelFiles? ToFiles(Dictionary<string, string>? files) => files is null ? null : new ModelFiles { Digests = { files } };
}
