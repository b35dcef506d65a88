using System.Net;
using System.Text.Json;
using Inference.Errors;
using Inference.Services.Calls;
using Inference.Store.Identity;
using Inference.Store.Remote;

namespace Inference.Services.Remote;

/// <summary>Who is signed in with this server's key.</summary>
public sealed record AccountUser(string Id, string Email, string Name, string Bio, string AvatarUrl, string FirstName, string LastName, string Plan);

/// <summary>The account that this server's key belongs to, at ollama.com.</summary>
public sealed class Account
{
    private readonly string _url;
    private readonly RemoteClient _client;
    private readonly KeyPair _keys;
    private readonly Drain _drain;

    internal Account(CloudOptions options, RemoteClient client, KeyPair keys, Drain drain) =>
        (_url, _client, _keys, _drain) = (options.AccountUrl, client, keys, drain);

    /// <exception cref="InferenceException">SIGNIN_REQUIRED, IDENTITY_UNREADABLE, REMOTE_UNAVAILABLE, and what the server says.</exception>
    public async Task<AccountUser> FindAsync(CancellationToken ct)
    {
        var body = await AskAsync(HttpMethod.Post, "/api/me", ct);
        var user = Read(body);
        return user.Name.Length > 0 ? user : throw SigninRequired();
    }

    /// <summary>Takes this server's key out of the account.</summary>
    /// <exception cref="InferenceException">As <see cref="FindAsync"/>.</exception>
    public async Task SignOutAsync(CancellationToken ct)
    {
        string key;
        try
        {
            key = SigninUrl.Encoded(_keys);
        }
        catch (KeyException e)
        {
            throw Catalogue.IdentityUnreadable.Because(e, e.Message);
        }

        await AskAsync(HttpMethod.Delete, $"/api/user/keys/{key}", ct);
    }

    private async Task<byte[]> AskAsync(HttpMethod method, string path, CancellationToken ct)
    {
        _drain.Admit();
        var request = new RemoteRequest(method, _url, path) { Headers = OllamaHeaders.Object };
        request = request with { SigningHost = request.HostName };
        try
        {
            using var response = await _client.SendAsync(request, ct);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            return (int)response.StatusCode < 400 ? body : throw Refused(RemoteErrors.Of("", request.HostName, (int)response.StatusCode, BrokenText.Read(body)));
        }
        catch (KeyException e)
        {
            throw Catalogue.IdentityUnreadable.Because(e, e.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Catalogue.RemoteUnavailable.Because(e, request.HostName, GoNetwork.Describe(method, _url + path, e));
        }
    }

    // A page to sign in on that the server names goes before our own.
    private InferenceException Refused(InferenceException failure) =>
        failure.Error.Kind == Catalogue.SigninRequired && failure.Error.Facts["signin_url"].Length == 0 ? SigninRequired() : failure;

    private InferenceException SigninRequired()
    {
        try
        {
            return Catalogue.SigninRequired.For(SigninUrl.Of(_keys, Dns.GetHostName()));
        }
        catch (KeyException e)
        {
            var error = Catalogue.IdentityUnreadable.Because(e, e.Message).Error;
            return new InferenceException(error with { Facts = error.Facts.With("purpose", "signin") }, e);
        }
    }

    private AccountUser Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            string Member(string name) => json.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
            return new AccountUser(Member("id"), Member("email"), Member("name"), Member("bio"), Member("avatarurl"), Member("firstname"), Member("lastname"), Member("plan"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Catalogue.RemoteFailed.Because(e, "", _url, 200, "what came back is no account");
        }
    }
}
