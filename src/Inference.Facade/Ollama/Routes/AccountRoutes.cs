using Inference.Errors;
using Inference.Facade.Ollama.Remote;
using Inference.GoJson;
using Inference.Services.Remote;

namespace Inference.Facade.Ollama.Routes;

/// <summary>The cloud and the account: /api/status, /api/me, /api/signout, the key, and what is passed on under /api/experimental.</summary>
internal static class AccountRoutes
{
    private const string NoId = "00000000-0000-0000-0000-000000000000";

    public static Task StatusAsync(OllamaExchange exchange)
    {
        var cloud = exchange.Service<Cloud>();
        return exchange.ReplyAsync(json =>
        {
            json.Raw("{\"cloud\":{\"disabled\":"u8);
            json.Bool(cloud.Disabled);
            json.Raw(",\"source\":"u8);
            json.String(cloud.DisabledBy);
            json.Raw("}}"u8);
        });
    }

    public static async Task MeAsync(OllamaExchange exchange)
    {
        var user = await exchange.Service<Account>().FindAsync(exchange.Aborted);
        await exchange.ReplyAsync(json => Write(json, user));
    }

    public static async Task SignOutAsync(OllamaExchange exchange)
    {
        await exchange.Service<Account>().SignOutAsync(exchange.Aborted);
        await exchange.ReplyAsync(static json => json.Raw("null"u8));
    }

    public static async Task RecommendationsAsync(OllamaExchange exchange)
    {
        var list = await exchange.Service<Recommendations>().ListAsync(exchange.Aborted);
        await exchange.ReplyAsync(json =>
        {
            json.Raw("{\"recommendations\":"u8);
            json.Raw(list.Span);
            json.Raw("}"u8);
        });
    }

    public static Task WebSearchAsync(OllamaExchange exchange) => PassOnAsync(exchange, "/api/web_search", "web search is unavailable");

    public static Task WebFetchAsync(OllamaExchange exchange) => PassOnAsync(exchange, "/api/web_fetch", "web fetch is unavailable");

    // What is in the body is for the other side to say.
    private static async Task PassOnAsync(OllamaExchange exchange, string path, string operation)
    {
        var body = await exchange.ReadAsync();
        if (body.Span.Trim(" \t\r\n\v\f"u8).Length == 0)
        {
            throw Catalogue.RequestMalformed.For("missing request body");
        }

        await CloudRelay.SendAsync(exchange, path, body, operation);
    }

    private static void Write(GoJsonWriter json, AccountUser user)
    {
        var members = new GoMembers(json);
        members.Next("\"id\":"u8).String(user.Id.Length > 0 ? user.Id : NoId);
        members.Next("\"email\":"u8).String(user.Email);
        members.Next("\"name\":"u8).String(user.Name);
        members.Optional("\"bio\":"u8, user.Bio);
        members.Optional("\"avatarurl\":"u8, user.AvatarUrl);
        members.Optional("\"firstname\":"u8, user.FirstName);
        members.Optional("\"lastname\":"u8, user.LastName);
        members.Optional("\"plan\":"u8, user.Plan);
        members.End();
    }
}
