using System.Text;
using Inference.Errors;
using Inference.Prompts.GoTemplates;
using Inference.Services.Knowledge;
using Inference.Store;
using Inference.Store.Making;
using Inference.Store.Manifests;
using Inference.Store.Names;
using Inference.Store.Registry;
using Inference.Store.Remote;
using Inference.V1;

namespace Inference.Services.Upkeep;

/// <summary>The making of one model, in the order of Ollama's CreateHandler: the first fault counts, and what was told before it stays told.</summary>
internal sealed class CreateRun(
    StoreChanges store, Transfers transfers, CreateModelRequest request, CreateFaults faults, Func<OperationProgress, CancellationToken, ValueTask> report, CancellationToken ct)
{
    private readonly ModelAssembly _model = new(store);

    public Warnings Warnings { get; } = new();

    /// <exception cref="InferenceException">As CreateModel of the contract.</exception>
    public async Task RunAsync(ModelName name)
    {
        var before = Before(name);
        _model.Config = _model.Config with { Renderer = request.Renderer, Parser = request.Parser_, Requires = request.Requires };
        var remote = await SourceAsync();
        await PartsAsync(remote);
        if (faults.Overrides is { } fault)
        {
            throw fault;
        }

        CreateRules.CheckOverrides(request.Overrides);
        _model.Config = _model.Config.With(request.Overrides);
        Quantization.Check(request.Quantize, _model.Weights);
        _model.Config = _model.Config.With(_model.Weights);
        AddTexts();
        Warnings.Check(request.Strict);
        foreach (var (existed, digest, status) in _model.Progress)
        {
            await report(new OperationProgress { Step = existed ? OperationStep.ReusingLayer : OperationStep.CreatingLayer, Status = status, Digest = digest }, ct);
        }

        await TellAsync(OperationStep.WritingManifest, "writing manifest");
        _model.Write(name);
        Prune(before);
    }

    /// <returns>Whether the model will live elsewhere.</returns>
    private async Task<bool> SourceAsync()
    {
        if (request.SourceCase is CreateModelRequest.SourceOneofCase.FromModel && request.FromModel.Length > 0)
        {
            var reference = ModelReference.Parse(request.FromModel, "from_model");
            var host = request.RemoteHost.Length > 0 ? request.RemoteHost : reference.Source is ModelSource.Cloud ? RemoteAddress.Cloud : "";
            if (host.Length == 0)
            {
                await InheritAsync(reference.Name);
                return false;
            }

            _model.Config = _model.Config with
            {
                RemoteHost = RemoteAddress.Complete(host) ?? throw FieldErrors.One("remote_host", host, "must be a URL"),
                RemoteModel = reference.Base,
            };
            return true;
        }

        if (request.SourceCase is CreateModelRequest.SourceOneofCase.Files)
        {
            await ReadAsync(request.Files, "files");
            return false;
        }

        throw Catalogue.FieldRequired.For("source");
    }

    private async Task InheritAsync(ModelName name)
    {
        if (store.Find(name, request.FromModel) is not { } manifest)
        {
            await transfers.PullAsync(name, request.FromModel, insecure: false, p => report(p.ToContract(), ct), ct);
            await TellAsync(OperationStep.BasePulled, "success");
            manifest = store.Find(name, request.FromModel) ?? throw Catalogue.ModelNotFound.For(request.FromModel);
        }

        _model.Inherit(manifest, name, request.FromModel);
        if (store.ConfigOf(manifest) is { } config)
        {
            _model.Config = _model.Config.Inheriting(config);
        }
    }

    private async Task PartsAsync(bool remote)
    {
        if (remote)
        {
            // None are as good as none at all; here only.
            if (request.DraftFiles is { Digests.Count: > 0 })
            {
                throw Catalogue.FieldConflict.For("draft_files", "remote_host");
            }

            return;
        }

        if (request.DraftFiles is not null)
        {
            await ReadAsync(request.DraftFiles, "draft_files");
        }

        if (request.Adapters is not null)
        {
            await ReadAsync(request.Adapters, "adapters");
        }
    }

    private Task ReadAsync(ModelFiles files, string field) =>
        new SourceFiles(store.Blobs, field, (step, status) => TellAsync(step is SourceStep.Parsing ? OperationStep.Parsing : OperationStep.Converting, status)).ReadAsync(files.Digests);

    private void AddTexts()
    {
        if (request.Template.Length > 0)
        {
            CheckTemplate();
            _model.Replace(MediaTypes.Template, Encoding.UTF8.GetBytes(request.Template));
        }

        if (request.System.Length > 0)
        {
            _model.Replace(MediaTypes.System, Encoding.UTF8.GetBytes(request.System));
        }

        if (faults.Licenses is { } fault)
        {
            throw fault;
        }

        foreach (var license in request.Licenses)
        {
            _model.Append(MediaTypes.License, Encoding.UTF8.GetBytes(license));
        }

        _model.Merge(GivenParameters.Read(request.Parameters, Warnings), request.FromModel);
        if (request.Messages.Count > 0)
        {
            _model.Replace(request.Messages.Select(StoredText.Of).ToList());
        }
    }

    private void CheckTemplate()
    {
        try
        {
            _ = PromptTemplate.Parse(request.Template);
        }
        catch (TemplateException e)
        {
            throw Catalogue.TemplateInvalid.Because(e, e.Message);
        }
    }

    // A damaged one of the same name is simply replaced.
    private List<string> Before(ModelName name)
    {
        try
        {
            return store.Find(name, request.Model) is { } manifest ? [.. manifest.Parts.Select(static l => l.Digest)] : [];
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.ModelCorrupt)
        {
            return [];
        }
    }

    private void Prune(List<string> digests)
    {
        try
        {
            store.Prune(digests);
        }
        catch (InferenceException e)
        {
            Warnings.Add(WarningCatalogue.PruneFailed(e.Error.Message));
        }
    }

    private ValueTask TellAsync(OperationStep step, string status) => report(new OperationProgress { Step = step, Status = status }, ct);
}
