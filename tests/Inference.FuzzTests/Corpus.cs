namespace Inference.FuzzTests;

/// <summary>Kept inputs: what was found once, and what is hard.</summary>
internal static class Corpus
{
    /// <summary>Bodies that Go's decoder was given for these types, and in one line what it made of them (<see cref="Json.Printed"/>), from Go itself.</summary>
    public static IEnumerable<(string Route, byte[] Body, string Answer)> Decoded() =>
        Lines("decoder.txt").Select(static l => (l[0], Convert.FromBase64String(l[1]), l[2]));

    /// <summary>All kept bodies, whatever their route.</summary>
    public static IEnumerable<byte[]> Bodies() => Decoded().Select(static d => d.Body);

    /// <summary>Requests to the façade that something was wrong with once.</summary>
    public static IEnumerable<Facade.FuzzRequest> Requests() => Lines("requests.txt").Select(static l => new Facade.FuzzRequest(l[0], l[1], Convert.FromBase64String(l[2])));

    /// <summary>Three columns; lines with # are for people.</summary>
    public static IEnumerable<string[]> Lines(string name)
    {
        using var text = new StreamReader(typeof(Corpus).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name));
        while (text.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split(' ', 3);
            }
        }
    }
}
