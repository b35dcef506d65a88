using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Inference.Services.Calls;

/// <summary>
/// The methods that rpcs have at a path. ASP.NET's matcher would know, but answers with the route that takes every method: this asks each
/// rpc's pattern once more. Only requests that are refused come here.
/// </summary>
internal sealed class RestMethods(EndpointDataSource endpoints, ParameterPolicyFactory policies)
{
    // All endpoints are known once the first request comes.
    private readonly Lazy<List<Pattern>> _patterns = new(() => [.. endpoints.Endpoints.OfType<RouteEndpoint>()
        .Where(static e => e.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null)
        .Select(e => new Pattern(e, policies))]);

    /// <returns>In the order of the alphabet; empty for a path that no rpc has.</returns>
    public string[] Of(HttpContext http) =>
        [.. _patterns.Value.Where(p => p.Matches(http)).SelectMany(static p => p.Methods).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private sealed class Pattern(RouteEndpoint endpoint, ParameterPolicyFactory policies)
    {
        private readonly TemplateMatcher _matcher = new(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary(endpoint.RoutePattern.Defaults));

        private readonly List<(string Name, IRouteConstraint Constraint)> _constraints = [.. Constraints(endpoint.RoutePattern, policies)];

        public IReadOnlyList<string> Methods { get; } = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];

        public bool Matches(HttpContext http)
        {
            var values = new RouteValueDictionary();
            return _matcher.TryMatch(http.Request.Path, values)
                && _constraints.TrueForAll(c => c.Constraint.Match(http, route: null, c.Name, values, RouteDirection.IncomingRequest));
        }

        private static IEnumerable<(string Name, IRouteConstraint Constraint)> Constraints(RoutePattern pattern, ParameterPolicyFactory policies) =>
            from part in pattern.Parameters
            from reference in part.ParameterPolicies
            let constraint = policies.Create(part, reference) as IRouteConstraint
            where constraint is not null
            select (part.Name, constraint);
    }
}
