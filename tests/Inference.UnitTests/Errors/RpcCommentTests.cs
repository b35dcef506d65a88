using System.Text.RegularExpressions;
using Inference.Errors;
using Inference.TestKit;

namespace Inference.UnitTests.Errors;

/// <summary>The error lists in the comments of the rpcs name reasons that exist, under their codes.</summary>
public sealed partial class RpcCommentTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(Places.Root, "protos/inference/v1"), "*.proto").Select(static f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Comments_NameReasonsUnderTheirCodes(string file)
    {
        string? code = null;
        foreach (var line in File.ReadLines(Path.Combine(Places.Root, "protos/inference/v1", file)))
        {
            if (ErrorLine().Match(line) is not { Success: true } match)
            {
                code = null;
                continue;
            }

            code = match.Groups["code"] is { Success: true } named ? named.Value.TrimEnd() : code;
            foreach (var reason in Word().Matches(match.Groups["reasons"].Value).Select(static m => m.Value))
            {
                Assert.True(Catalogue.Find(reason) is not null, $"{file}: {reason} does not exist");
                Assert.Equal(code, Spelled(Catalogue.Find(reason)!.Code.ToString()));
            }
        }
    }

    [Fact]
    public void Comments_NameEveryReasonSomewhere()
    {
        var named = Files.SelectMany(static f => File.ReadLines(Path.Combine(Places.Root, "protos/inference/v1", f.Data)))
            .Select(static l => ErrorLine().Match(l)).Where(static m => m.Success)
            .SelectMany(static m => Word().Matches(m.Groups["reasons"].Value)).Select(static m => m.Value).ToHashSet();

        // Asked of grpc.health.v1, not of a service of ours.
        Assert.Equal([Catalogue.ServiceUnknown.Reason], Catalogue.All.Select(static k => k.Reason).Where(r => !named.Contains(r)));
    }

    private static string Spelled(string code) => string.Concat(code.Select(static (c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    // "//   NOT_FOUND            ADAPTER_NOT_FOUND, …" or, on the next line, only more reasons.
    [GeneratedRegex(@"^ *//  +(?<code>(INVALID_ARGUMENT|NOT_FOUND|FAILED_PRECONDITION|RESOURCE_EXHAUSTED|UNAVAILABLE|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|CANCELLED|DATA_LOSS|PERMISSION_DENIED|UNAUTHENTICATED)  *)?(?<reasons>([A-Z][A-Z_]{4,},? ?|; over Ollama's HTTP also)+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex ErrorLine();

    [GeneratedRegex("[A-Z][A-Z_]{4,}")]
    private static partial Regex Word();
}
