using System.Text.RegularExpressions;
using Inference.ContractTests.House;
using Inference.Errors;

namespace Inference.ContractTests.Contract;

/// <summary>The error lists in the comments of services and calls are the manual: they name reasons that exist, under the codes that they have, and leave none out.</summary>
public sealed partial class ErrorCommentTests
{
    private static readonly Dictionary<string, string> Codes = Catalogue.All.ToDictionary(k => k.Reason, k => Shout(k.Code.ToString()), StringComparer.Ordinal);

    private static readonly List<(string Where, string Code, string Reason)> Listed =
        [.. DescriptorSet.Services.SelectMany(s => s.Methods.Select(m => (m.FullName, m.Declaration)).Prepend((s.FullName, s.Declaration))).SelectMany(d => Read(d.FullName, d.Declaration.LeadingComments))];

    [Fact]
    public void Lists_NameReasonsThatExist_UnderTheirCode() => Offences.None(
        from entry in Listed
        let code = Codes.GetValueOrDefault(entry.Reason)
        where code != entry.Code
        select $"{entry.Where}: {entry.Code} {entry.Reason}, but it is {code ?? "not in the catalogue"}");

    [Fact]
    public void Lists_NameAReasonOnce_ForEachCall() => Offences.None(
        from entry in Listed
        group entry by (entry.Where, entry.Reason) into g
        where g.Count() > 1
        select $"{g.Key.Where}: {g.Key.Reason}");

    // Whether a service is alive is asked of grpc.health.v1, whose comments are not ours.
    [Fact]
    public void Reasons_AreListed_AllOfThem() => Offences.None(Codes.Keys.Except(Listed.Select(e => e.Reason).Append("SERVICE_UNKNOWN"), StringComparer.Ordinal));

    [Fact]
    public void Calls_SayHowTheyFail() => Offences.None(
        DescriptorSet.Methods.Where(m => !m.Declaration.LeadingComments.Contains("\n Errors", StringComparison.Ordinal)).Select(m => m.FullName));

    // "   CODE  REASON, REASON," and lines that go on with reasons alone.
    private static IEnumerable<(string Where, string Code, string Reason)> Read(string where, string comment)
    {
        var code = "";
        foreach (var line in comment.Split('\n').Where(static l => l.StartsWith("   ", StringComparison.Ordinal)))
        {
            var words = Word().Matches(line).Select(static w => w.Value).ToList();
            var first = words.Count > 0 && IsCode(words[0]) && !line.StartsWith("          ", StringComparison.Ordinal) ? 1 : 0;
            code = first == 1 ? words[0] : code;
            foreach (var reason in words.Skip(first))
            {
                yield return (where, code, reason);
            }
        }
    }

    private static bool IsCode(string word) => Enum.GetNames<Grpc.Core.StatusCode>().Any(n => Shout(n) == word);

    private static string Shout(string name) => Hump().Replace(name, "_$0").ToUpperInvariant();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex Hump();

    // Shorter capitals are words such as HTTP.
    [GeneratedRegex("[A-Z][A-Z_]{4,}")]
    private static partial Regex Word();
}
