using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Runtime.Loading;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Services.Output;
using Inference.Services.Remote;
using Inference.Services.Requests;
using Inference.Store;
using Inference.Store.Capabilities;
using Inference.Store.Gguf;
using Inference.Store.Modelfiles;
using Inference.V1;

namespace Inference.Services;

/// <summary>Listing, showing, loading and unloading of models: the code that all doors share. Failures are thrown, from the catalogue.</summary>
public sealed class Models
{
    private const int LargestPage = 1000;

    private readonly ModelLibrary _library;
    private readonly Loader _loader;
    private readonly Drain _drain;
    private readonly Telemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly RemoteModels _remotes;

    internal Models(ModelLibrary library, Loader loader, Drain drain, Telemetry telemetry, TimeProvider time, RemoteModels remotes) =>
        (_library, _loader, _drain, _telemetry, _time, _remotes) = (library, loader, drain, telemetry, time, remotes);

    public ListModelsResponse List(ListModelsRequest request)
    {
        _drain.Admit();
        var errors = new FieldErrors();
        if (request.PageSize < 0)
        {
            errors.Invalid("page_size", request.PageSize, "must be 0 or more");
        }

        var token = PageToken.Parse(request.PageToken, errors);
        errors.Check();
        var all = _library.List();
        var start = token?.StartIn(all) ?? 0;
        var size = request.PageSize is 0 or > LargestPage ? LargestPage : request.PageSize;
        var page = all.Skip(start).Take(size).ToList();
        var response = new ListModelsResponse { Models = { page.Select(m => m.ToContract(_library.CardOf(m).Listed)) } };
        if (start + page.Count < all.Count)
        {
            response.NextPageToken = PageToken.Behind(page[^1]).ToString();
        }

        return response;
    }

    public GetModelResponse Get(GetModelRequest request)
    {
        _drain.Admit();
        Check(request);
        var model = _library.Look(request.Model) ?? throw Catalogue.FeatureUnsupported.For(RemoteModel.Feature);
        var response = Describe(model);
        if (request.View is ModelView.Metadata or ModelView.Full)
        {
            AddFiles(response, model.Stored, request.View is ModelView.Full ? GgufDetail.Full : GgufDetail.Header);
        }

        return response;
    }

    /// <summary>The same for any model, also one that only another server has.</summary>
    public async Task<GetModelResponse> GetAsync(GetModelRequest request, CallInfo call, CancellationToken ct)
    {
        if (RemoteModels.InCloud(request.Model) is not { } remote)
        {
            return Get(request);
        }

        using var scope = new CallScope(call, _drain, _time, ct);
        return await RemoteModelCalls.ShowAsync(_remotes, remote, request, scope);
    }

    public ListRunningModelsResponse ListRunning()
    {
        _drain.Admit();
        return new ListRunningModelsResponse { Models = { _loader.Running.Select(ToContract) } };
    }

    public async Task<LoadModelResponse> LoadAsync(LoadModelRequest request, CallInfo call, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        Check(request);
        var located = _library.Locate(request.Model);
        if (located.There is { } remote)
        {
            return await RemoteModelCalls.LoadAsync(_remotes, remote, request, scope);
        }

        var model = located.Here!;
        foreach (var capability in request.RequiredCapabilities)
        {
            model.Require(capability.ToName());
        }

        if (request.LoraAdapters.Count > 0)
        {
            throw Catalogue.FeatureUnsupported.For("lora_adapters");
        }

        var warnings = new Warnings();
        var stored = model.Parameters();
        warnings.AddUnknown(stored);
        warnings.AddPriority(request.Priority);
        var plan = request.LoadOptions.ToLoadPlan(stored, request.KeepAlive, warnings);
        warnings.Check(request.Strict);
        try
        {
            using var lease = await LoadedModel.AcquireAsync(_loader, model, plan, warnings, report: null, scope);
            warnings.Check(request.Strict);
            _telemetry.Warned(warnings.Items);
            return new LoadModelResponse
            {
                RunningModel = Running(model.Stored.ModelPath!, lease),
                LoadDuration = Duration.FromTimeSpan(lease.Waited),
                Warnings = { warnings.Items },
            };
        }
        catch (OperationCanceledException e)
        {
            throw scope.Explain(e);
        }
    }

    public async Task<UnloadModelResponse> UnloadAsync(UnloadModelRequest request, CallInfo call, CancellationToken ct)
    {
        using var scope = new CallScope(call, _drain, _time, ct);
        // One that another server runs is never in memory here.
        if (_library.Locate(request.Model).There is { Stored: not null } remote)
        {
            _library.Allow(remote);
            return new UnloadModelResponse();
        }

        var model = _library.Find(request.Model);
        try
        {
            // Without weights it cannot be in memory.
            return new UnloadModelResponse { WasLoaded = model.Stored.ModelPath is { } path && await _loader.UnloadAsync(path, request.Wait, scope.Token) };
        }
        catch (OperationCanceledException e)
        {
            throw scope.Explain(e);
        }
    }

    private static GetModelResponse Describe(FoundModel model)
    {
        var (stored, card) = (model.Stored, model.Card);
        var response = new GetModelResponse
        {
            Model = stored.ToContract(card.Shown),
            Licenses = { stored.Licenses },
            Modelfile = ModelfileText.Of(stored),
            Parameters = stored.Parameters.ToStruct(),
            Template = card.ShownTemplate,
            System = stored.System ?? "",
            Messages = { stored.Messages.Select(Planner.ToContract) },
            Renderer = stored.Config.Renderer,
            Parser_ = stored.Config.Parser,
            Requires = stored.Config.Requires,
            Layers = { stored.Layers.Select(static l => l.ToContract()) },
        };
        // Where the config does not say it, the weights do; Ollama looks there for its listing only.
        (response.Model.Details.ContextLength, response.Model.Details.EmbeddingLength) = (card.Listed.Details.ContextLength, card.Listed.Details.EmbeddingLength);
        try
        {
            var typed = model.Parameters();
            (response.Options, response.LoadOptions) = (typed.Sampling, typed.Load);
        }
        catch (InferenceException e) when (e.Error.Kind == Catalogue.ModelParameterInvalid)
        {
            // No request on it can run, but it can be looked at: `parameters` show what is wrong.
        }

        return response;
    }

    private static void AddFiles(GetModelResponse response, StoredModel model, GgufDetail detail)
    {
        if (model.Config.IsRemote)
        {
            foreach (var (key, value) in ModelInfo.OfConfig(model.Config))
            {
                response.Metadata[key] = value.ToContract();
            }

            return;
        }

        if (model.ModelPath is not null && model.Config.IsGguf)
        {
            var weights = model.ReadWeights(detail);
            foreach (var (key, value) in ModelInfo.OfWeights(weights))
            {
                response.Metadata[key] = value.ToContract();
            }

            response.Tensors.AddRange(weights.Tensors.Select(static t => t.ToContract()));
        }

        if (model.ProjectorPaths is [var projector, ..])
        {
            foreach (var (key, value) in ModelInfo.OfProjector(model.ReadGguf(projector, detail)))
            {
                response.ProjectorMetadata[key] = value.ToContract();
            }
        }
    }

    // As it will be when the lease of the load itself is given back: with a keep-alive of 0 there is nothing to look at by then.
    private V1.RunningModel Running(string path, Lease lease)
    {
        var running = _loader.Running.First(r => r.Spec.Path == path && r.Facts == lease.Engine.Facts);
        return ToContract(running.Leases <= 1 && running.State is RunningState.Busy ? running with { State = RunningState.Idle } : running);
    }

    private V1.RunningModel ToContract(Runtime.Loading.RunningModel running)
    {
        var mapped = new V1.RunningModel
        {
            // It may have been removed from the store meanwhile; then only its name is left.
            Model = _library.FindAgain(running.Spec.Model) is { } stored ? stored.ToContract(_library.CardOf(stored).Listed) : new Model { Name = running.Spec.Model },
            State = ToContract(running.State),
            LoadFraction = running.State is RunningState.Loading ? running.LoadFraction : 0,
            SizeBytes = running.Facts?.SizeBytes ?? 0,
            VramBytes = running.Facts?.VramBytes ?? 0,
            LayersOffloaded = running.Facts?.LayersOffloaded ?? 0,
            LayersTotal = running.Facts?.LayersTotal ?? 0,
            ContextLength = running.Facts?.ContextLength ?? running.Effective.ContextLength,
            ActiveRequests = running.Load.Active,
            QueuedRequests = running.Load.Queued,
            LoadOptions = running.Effective.ToOptions(),
        };
        if (running.ExpireTime is { } expires)
        {
            mapped.ExpireTime = Timestamp.FromDateTimeOffset(expires);
        }

        return mapped;
    }

    private static RunState ToContract(RunningState state) => state switch
    {
        RunningState.Loading => RunState.Loading,
        RunningState.Idle => RunState.Idle,
        RunningState.Busy => RunState.Busy,
        RunningState.Unloading => RunState.Unloading,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    private static void Check(GetModelRequest request)
    {
        if (System.Enum.IsDefined(request.View))
        {
            return; // an empty name is found out with the others
        }

        var errors = new FieldErrors();
        if (request.Model.Length == 0)
        {
            errors.Required("model");
        }

        errors.Invalid("view", (int)request.View, "must be a ModelView");
        errors.Check();
    }

    private static void Check(LoadModelRequest request)
    {
        var errors = new FieldErrors();
        if (request.Model.Length == 0)
        {
            errors.Required("model");
        }

        request.LoadOptions?.Check(errors);
        request.KeepAlive.ToKeepAlive(errors);
        CommonFields.CheckPriority(request.Priority, errors);
        for (var i = 0; i < request.RequiredCapabilities.Count; i++)
        {
            if (request.RequiredCapabilities[i] is V1.Capability.Unspecified || !System.Enum.IsDefined(request.RequiredCapabilities[i]))
            {
                errors.Invalid($"required_capabilities[{i}]", (int)request.RequiredCapabilities[i], "must be a Capability");
            }
        }

        errors.Check();
    }
}
