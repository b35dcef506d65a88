using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using Inference.ContractTests.House;

namespace Inference.ContractTests.Contract;

/// <summary>Every call has its place in REST, and no two share one.</summary>
public sealed partial class RouteTests
{
    [Fact]
    public void Calls_HaveARoute_UnlessTheClientStreams() => Offences.None(
        DescriptorSet.Methods.Where(m => m.IsClientStreaming == (Rule(m) is not null)).Select(m => m.FullName));

    [Fact]
    public void Routes_LieUnderThePrefix_WithoutSpareBindings() => Offences.None(
        from route in Routes()
        where !route.Path.StartsWith("/inference/v1/", StringComparison.Ordinal) || route.Rule.AdditionalBindings.Count > 0
        select $"{route.Method.FullName}: {route.Path}");

    [Fact]
    public void Routes_DoNotCollide()
    {
        var routes = Routes().ToList();
        Offences.None(
            from a in routes
            from b in routes
            where string.CompareOrdinal(a.Method.FullName, b.Method.FullName) < 0 && a.Verb == b.Verb && Collide(a.Path, b.Path)
            select $"{a.Verb} {a.Path} ({a.Method.Name}) and {b.Path} ({b.Method.Name})");
    }

    [Fact]
    public void Variables_AreFieldsOfTheRequest() => Offences.None(
        from route in Routes()
        from Match variable in Variable().Matches(route.Path)
        where route.Method.InputType.FindFieldByName(variable.Groups[1].Value) is not { FieldType: FieldType.String }
        select $"{route.Method.FullName}: {variable.Value}");

    // A body of "*" takes every field; without one the fields come from the query, which only reading and deleting may do.
    [Fact]
    public void Bodies_AreTheWholeRequest_OfPosts() => Offences.None(
        from route in Routes()
        where route.Rule.Body != (route.Verb == "POST" ? "*" : "")
        select $"{route.Method.FullName}: {route.Verb} with body '{route.Rule.Body}'");

    // The transcoder tells an error in a stream by nothing but its keys.
    [Fact]
    public void StreamedMessages_HaveNoFieldThatReadsAsAnError() => Offences.None(
        from method in DescriptorSet.Methods
        where method.IsServerStreaming
        from field in method.OutputType.Fields.InDeclarationOrder()
        where field.JsonName is "code" or "message" or "error"
        select field.FullName);

    private static HttpRule? Rule(MethodDescriptor method) => method.GetOptions()?.GetExtension(AnnotationsExtensions.Http);

    private static IEnumerable<(MethodDescriptor Method, HttpRule Rule, string Verb, string Path)> Routes() =>
        from method in DescriptorSet.Methods
        let rule = Rule(method)
        where rule is not null
        let path = new[] { rule.Get, rule.Post, rule.Delete, rule.Put, rule.Patch }.Single(p => p.Length > 0)
        select (method, rule, rule.PatternCase.ToString().ToUpperInvariant(), path);

    // A variable of one segment may be any segment, {x=**} any number of them.
    private static bool Collide(string a, string b) => Pattern(a).IsMatch(Sample(b)) || Pattern(b).IsMatch(Sample(a));

    private static Regex Pattern(string path) =>
        new("^" + Variable().Replace(path, static v => v.Value.EndsWith("=**}", StringComparison.Ordinal) ? ".+" : "[^/]+").Replace(":", "[:]", StringComparison.Ordinal) + "$", RegexOptions.ExplicitCapture);

    private static string Sample(string path) => Variable().Replace(path, "sample");

    [GeneratedRegex(@"\{(\w+)(=\*\*)?\}")]
    private static partial Regex Variable();
}
