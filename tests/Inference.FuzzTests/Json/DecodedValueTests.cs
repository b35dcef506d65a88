namespace Inference.FuzzTests.Json;

/// <summary>What a body becomes: our decoder, one pass over bytes, against a naive one over a document.</summary>
/// <remarks>Bytes that are not UTF-8, and halves of surrogate pairs, are not made here: Go replaces them, JsonDocument refuses them. The corpus has them.</remarks>
public sealed class DecodedValueTests
{
    private const int Cases = 4_000;

    public static TheoryData<string> Routes => [.. Requests.All.Keys];

    [Theory]
    [MemberData(nameof(Routes))]
    public void Body_ThatFits_BecomesWhatTheReferenceMakesOfIt(string route)
    {
        var shape = Requests.All[route];
        Fuzz.Each(Cases, random => Documents.Make(random, shape, wrong: 0), body => Difference(route, body), Valid(Bytes.Smaller), Bytes.Show);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void Body_ThatMayNotFit_IsTakenAndRefusedAsByTheReference(string route)
    {
        var shape = Requests.All[route];
        Fuzz.Each(Cases, random => Documents.Make(random, shape, wrong: 3), body => Difference(route, body), Valid(Bytes.Smaller), Bytes.Show);
    }

    private static string? Difference(string route, byte[] body)
    {
        var expected = ReferenceDecoder.Read(Requests.All[route], body);
        var actual = Dump.Of(route, body);
        return expected == actual || (expected is null && actual[0] == '!') ? null : $"{route} is\n{actual}\nand to the reference\n{expected ?? "refused"}";
    }

    // The reference reads JSON only.
    private static Func<byte[], IEnumerable<byte[]>> Valid(Func<byte[], IEnumerable<byte[]>> smaller) => body => smaller(body).Where(static b =>
    {
        try
        {
            System.Text.Json.JsonDocument.Parse(b).Dispose();
            return System.Text.Unicode.Utf8.IsValid(b);
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    });
}
