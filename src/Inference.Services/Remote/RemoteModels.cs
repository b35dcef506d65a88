using System.Net;
using Inference.Errors;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Store.Identity;
using Inference.Store.Remote;

namespace Inference.Services.Remote;

/// <summary>Models that other servers run: found, allowed, and asked in Ollama's own form.</summary>
public sealed class RemoteModels
{
    private readonly ModelLibrary _library;
    private readonly CloudPolicy _policy;
    private readonly RemoteClient _client;
    private readonly KeyPair _keys;
    private readonly Drain _drain;

    internal RemoteModels(ModelLibrary library, CloudPolicy policy, RemoteClient client, KeyPair keys, Drain drain) =>
        (_library, _policy, _client, _keys, _drain) = (library, policy, client, keys, drain);

    /// <summary>The model of the store that another server runs; null for any other, and for what is none.</summary>
    /// <exception cref="InferenceException">REMOTE_DISABLED, REMOTE_MODEL_UNSUPPORTED, MODEL_CORRUPT.</exception>
    public RemoteRun? Find(string spelling)
    {
        if (Stored(spelling) is not { } remote)
        {
            return null;
        }

        _drain.Admit();
        return Run(remote);
    }

    /// <summary>The model of a name that asks for the cloud; null for any other.</summary>
    internal static RemoteModel? InCloud(string spelling) => Cloud.NameOf(spelling) is { } name ? new RemoteModel(spelling, name, Stored: null) : null;

    /// <summary>What is said of a stored model where nothing is run elsewhere; null where it may be.</summary>
    internal InferenceException? Disabled(RemoteModel remote) => _policy.Refused(remote.Spelling);

    internal RemoteRun Run(RemoteModel remote, string operation = "remote model is unavailable")
    {
        _library.Allow(remote, operation);
        return new RemoteRun(this, remote);
    }

    internal async Task<RemoteLines> SendAsync(RemoteModel remote, string path, RemoteBody body, CancellationToken ct)
    {
        var request = new RemoteRequest(HttpMethod.Post, remote.Stored?.Config.RemoteHost.TrimEnd('/') ?? _policy.BaseUrl, path)
        {
            Headers = OllamaHeaders.Lines,
            Body = body.ToBytes(),
            SigningHost = remote.Stored is null ? _policy.SigningHost : "ollama.com",
        };
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, ct);
        }
        catch (KeyException e) when (remote.Stored is null)
        {
            throw Catalogue.SigninRequired.Because(e, "");
        }
        catch (KeyException e)
        {
            throw Catalogue.IdentityUnreadable.Because(e, e.Message).About(remote);
        }
        catch (InferenceException e)
        {
            throw e.About(remote);
        }

        return (int)response.StatusCode < 400 ? new RemoteLines(remote, request.HostName, response) : throw await FailureAsync(remote, request.HostName, response, ct);
    }

    private async Task<InferenceException> FailureAsync(RemoteModel remote, string host, HttpResponseMessage response, CancellationToken ct)
    {
        using (response)
        {
            var text = BrokenText.Read(await response.Content.ReadAsByteArrayAsync(ct));
            return remote.Stored is null ? RemoteErrors.OfCloud(remote.Name, host, response, text)
                : response.StatusCode is HttpStatusCode.Unauthorized ? SigninRequired(remote)
                : RemoteErrors.OfStored(remote, host, response, text);
        }
    }

    // Not the page that the other server names: this one's key is what has to become known.
    private InferenceException SigninRequired(RemoteModel remote)
    {
        try
        {
            return Catalogue.SigninRequired.For(SigninUrl.Of(_keys, Dns.GetHostName())).About(remote);
        }
        catch (KeyException e)
        {
            var error = Catalogue.IdentityUnreadable.Because(e, e.Message).About(remote).Error;
            return new InferenceException(error with { Facts = error.Facts.With("purpose", "signin") }, e);
        }
    }

    private RemoteModel? Stored(string spelling)
    {
        try
        {
            return _library.LocateElsewhere(spelling);
        }
        catch (InferenceException)
        {
            return null; // said by whoever needs the model
        }
    }
}

/// <summary>One model that another server runs, and may.</summary>
public sealed class RemoteRun
{
    private readonly RemoteModels _models;
    private readonly RemoteModel _remote;

    internal RemoteRun(RemoteModels models, RemoteModel remote) => (_models, _remote) = (models, remote);

    /// <summary>Its name there.</summary>
    public string Name => _remote.Name;

    /// <summary>The server, as the store spells it; empty where the name alone leads there.</summary>
    public string Address => _remote.Stored?.Config.RemoteHost ?? "";

    /// <summary>Sends a request, with what is stored with the model added.</summary>
    /// <param name="path">The path there.</param>
    /// <param name="body">The request; its model is set.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="InferenceException">
    /// SIGNIN_REQUIRED, IDENTITY_UNREADABLE, REMOTE_UNAVAILABLE, REMOTE_MODEL_NOT_FOUND, REMOTE_BUSY, REMOTE_REFUSED, REMOTE_FAILED.
    /// </exception>
    public Task<RemoteLines> SendAsync(string path, RemoteBody body, CancellationToken ct)
    {
        body.Set("model", json => json.WriteStringValue(Name));
        if (_remote.Stored is { } stored)
        {
            body.Complete(stored);
        }

        return _models.SendAsync(_remote, path, body, ct);
    }
}
