namespace Inference.FuzzTests.Json;

/// <summary>Bodies and what Go itself made of them: values, and errors to the letter.</summary>
public sealed class RecordedDecoderTests
{
    [Fact]
    public void Body_OfTheCorpus_IsWhatGoMadeOfIt()
    {
        var cases = 0;
        var differences = new List<string>();
        foreach (var (route, body, answer) in Corpus.Decoded())
        {
            cases++;
            if (Dump.Of(route, body) is var said && said != answer)
            {
                differences.Add($"{route} {Bytes.Show(body)}\n  {said}\n  {answer}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {cases} differ:\n{string.Join('\n', differences)}");
        Assert.InRange(cases, 500, int.MaxValue);
    }
}
