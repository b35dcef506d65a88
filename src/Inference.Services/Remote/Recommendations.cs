using System.Text.Json;
using Inference.Errors;
using Inference.Store.Identity;
using Inference.Store.Remote;

namespace Inference.Services.Remote;

/// <summary>
/// Models that the cloud recommends, as its own list says at the time: asked for at most every few hours, and empty where there is no cloud
/// or nothing came back.
/// </summary>
public sealed class Recommendations : IDisposable
{
    // server/model_recommendations.go: how long a list holds, how long a failure does, and how long one waits.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly CloudPolicy _policy;
    private readonly RemoteClient _client;
    private readonly TimeProvider _time;
    private readonly string _url;
    private readonly SemaphoreSlim _turn = new(1);
    private byte[] _list = "[]"u8.ToArray();
    private DateTimeOffset _next;

    internal Recommendations(CloudOptions options, CloudPolicy policy, RemoteClient client, TimeProvider time) =>
        (_url, _policy, _client, _time) = (options.AccountUrl, policy, client, time);

    /// <summary>The list, as JSON.</summary>
    public async Task<ReadOnlyMemory<byte>> ListAsync(CancellationToken ct)
    {
        if (_policy.Disabled)
        {
            return "[]"u8.ToArray();
        }

        await _turn.WaitAsync(ct);
        try
        {
            if (_time.GetUtcNow() >= _next)
            {
                _next = _time.GetUtcNow() + (await RefreshAsync(ct) ? Fresh : Pause);
            }

            return _list;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<bool> RefreshAsync(CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            // Nobody has to be known for this.
            var request = new RemoteRequest(HttpMethod.Get, _url, "/api/experimental/model-recommendations") { Headers = [new("Accept", "application/json")], SigningHost = "" };
            using var response = await _client.SendAsync(request, both.Token);
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(both.Token));
            if ((int)response.StatusCode < 400 && json.RootElement.TryGetProperty("recommendations", out var list) && list.ValueKind is JsonValueKind.Array)
            {
                _list = JsonSerializer.SerializeToUtf8Bytes(list);
                return true;
            }

            return false;
        }
        catch (Exception e) when (e is InferenceException or KeyException or JsonException or InvalidOperationException or HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }
}
