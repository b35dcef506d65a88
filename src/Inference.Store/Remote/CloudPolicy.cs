using System.Net;
using System.Text.Json;
using Inference.Errors;
using Microsoft.Extensions.Logging;

namespace Inference.Store.Remote;

/// <summary>What may be run elsewhere, and where that is. Settled at start, as in Ollama.</summary>
public sealed class CloudPolicy
{
    // server/cloud_proxy.go: the port is written out, and clients see it in errors.
    private const string Default = "https://ollama.com:443";

    private readonly string[] _remotes;

    /// <param name="options">The settings.</param>
    /// <param name="folder">Where server.json lies.</param>
    /// <param name="log">Hears of settings that cannot be used.</param>
    public CloudPolicy(CloudOptions options, string folder, ILogger<CloudPolicy> log)
    {
        var inFile = ReadFile(Path.Combine(folder, "server.json"), log);
        Disabled = options.Disabled || inFile;
        Source = (options.Disabled, inFile) switch
        {
            (true, true) => "both",
            (true, false) => "env",
            (false, true) => "config",
            _ => "none",
        };
        _remotes = options.Remotes.Split(',');
        BaseUrl = Default;
        SigningHost = "ollama.com";
        if (options.BaseUrl is { Length: > 0 } given)
        {
            try
            {
                (BaseUrl, SigningHost) = Override(given);
            }
            catch (FormatException e)
            {
                Log.CloudAddressIgnored(log, given, e.Message);
            }
        }
    }

    public bool Disabled { get; }

    /// <summary>Who disabled it: <c>none</c>, <c>env</c>, <c>config</c> or <c>both</c>.</summary>
    public string Source { get; }

    /// <summary>Where names that end in <c>:cloud</c> are asked for; without a slash at its end.</summary>
    public string BaseUrl { get; }

    /// <summary>The host whose requests are signed.</summary>
    public string SigningHost { get; }

    /// <summary>The host of a stored model that is run elsewhere.</summary>
    /// <exception cref="InferenceException">REMOTE_DISABLED, REMOTE_MODEL_UNSUPPORTED, MODEL_CORRUPT where the address is none.</exception>
    public void Check(StoredModel model, string spelling)
    {
        if (Refused(spelling) is { } disabled)
        {
            throw disabled;
        }

        if (!_remotes.Contains(HostOf(model, spelling), StringComparer.Ordinal))
        {
            throw Catalogue.RemoteModelUnsupported.For(spelling, model.Config.RemoteHost);
        }
    }

    /// <summary>REMOTE_DISABLED for a stored model; null where it may be run elsewhere.</summary>
    public InferenceException? Refused(string spelling)
    {
        var error = Catalogue.RemoteDisabled.For("remote model is unavailable").Error;
        return Disabled ? new InferenceException(error with { Facts = error.Facts.With("model", spelling) }) : null;
    }

    private static string HostOf(StoredModel model, string spelling)
    {
        try
        {
            return GoUrl.Parse(model.Config.RemoteHost).HostName;
        }
        catch (FormatException e)
        {
            throw Catalogue.ModelCorrupt.Because(e, spelling, model.Digest, e.Message);
        }
    }

    private static (string BaseUrl, string SigningHost) Override(string text)
    {
        var url = GoUrl.Parse(text);
        if (url.Scheme.Length == 0 || url.HostName.Length == 0)
        {
            throw new FormatException("scheme and host are required");
        }

        if (url.User.Length > 0 || url.Path is not ("" or "/") || url.Query.Length > 0)
        {
            throw new FormatException("only scheme, host and port may be given");
        }

        // Whoever sets the environment of a server must not be able to send its prompts away unnoticed.
        return IsLoopback(url.HostName)
            ? ($"{url.Scheme}://{url.Host}", url.HostName.ToLowerInvariant())
            : throw new FormatException("only an address of this machine may stand in for ollama.com");
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool ReadFile(string path, ILogger log)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var json = JsonDocument.Parse(file);
            return json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.TryGetProperty("disable_ollama_cloud", out var value) && value.ValueKind is JsonValueKind.True;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.ServerFileUnreadable(log, path, e.Message);
            return false;
        }
    }
}
