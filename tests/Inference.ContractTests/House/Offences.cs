namespace Inference.ContractTests.House;

internal static class Offences
{
    /// <summary>Fails with all of them, one a line, uncut.</summary>
    public static void None(IEnumerable<string> found)
    {
        var list = found.ToList();
        Assert.True(list.Count == 0, string.Join(Environment.NewLine, list));
    }
}
