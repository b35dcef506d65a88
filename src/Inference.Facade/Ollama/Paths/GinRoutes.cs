namespace Inference.Facade.Ollama.Paths;

/// <summary>
/// Which route a request takes, as gin's router decides it: by one table for each method, letter for letter, a fixed part before a
/// <c>:parameter</c>. A path that lacks a route but has one with a slash more or less is sent there.
/// </summary>
/// <typeparam name="T">What a route is.</typeparam>
internal sealed class GinRoutes<T> where T : class
{
    // The order of an Allow header is that of Ollama's tables.
    private static readonly string[] Order = ["HEAD", "GET", "POST", "DELETE"];

    private readonly List<(string Method, Table Table)> _tables = [];

    /// <param name="method">The method.</param>
    /// <param name="pattern">For example <c>/api/blobs/:digest</c>.</param>
    /// <param name="route">What it leads to.</param>
    public void Add(string method, string pattern, T route)
    {
        if (TableOf(method) is not { } table)
        {
            _tables.Add((method, table = new Table()));
            _tables.Sort(static (a, b) => Rank(a.Method).CompareTo(Rank(b.Method)));
        }

        table.Add(pattern, route);
    }

    /// <param name="method">The method.</param>
    /// <param name="path">The path, unescaped.</param>
    public GinChoice<T> Find(string method, string path)
    {
        if (TableOf(method) is { } table)
        {
            if (table.Find(path) is { } found)
            {
                return new GinChoice<T>(found.Route, found.Parameters);
            }

            if (path != "/" && method != "CONNECT" && table.FindOtherSlash(path))
            {
                return new GinChoice<T> { IsRedirect = true };
            }
        }

        string[] allowed = [.. from t in _tables where t.Method != method && t.Table.Find(path) is not null select t.Method];
        return new GinChoice<T> { Allow = allowed.Length > 0 ? string.Join(", ", allowed) : null };
    }

    private static int Rank(string method) => Array.IndexOf(Order, method) is >= 0 and var rank ? rank : Order.Length;

    private Table? TableOf(string method) => _tables.Find(t => t.Method == method).Table;

    private sealed class Table
    {
        private readonly Dictionary<string, T> _fixed = new(StringComparer.Ordinal);
        private readonly List<(string[] Parts, T Route)> _open = [];

        public void Add(string pattern, T route)
        {
            if (!pattern.Contains("/:", StringComparison.Ordinal))
            {
                _fixed.Add(pattern, route);
                return;
            }

            _open.Add((pattern.Split('/'), route));
            _open.Sort(static (a, b) => Compare(a.Parts, b.Parts));
        }

        public (T Route, IReadOnlyList<KeyValuePair<string, string>> Parameters)? Find(string path, bool emptyToo = false)
        {
            if (_fixed.TryGetValue(path, out var route))
            {
                return (route, []);
            }

            var parts = path.Split('/');
            foreach (var (pattern, open) in _open)
            {
                if (Fits(pattern, parts, emptyToo))
                {
                    return (open, [.. pattern.Zip(parts).Where(static p => p.First.StartsWith(':')).Select(static p => KeyValuePair.Create(p.First[1..], p.Second))]);
                }
            }

            return null;
        }

        // A parameter takes what stands before the slash, even nothing; only a path that ends there has none.
        public bool FindOtherSlash(string path) => path.EndsWith('/') ? Find(path[..^1], emptyToo: true) is not null : Find(path + "/") is not null;

        private static bool Fits(string[] pattern, string[] parts, bool emptyToo) =>
            pattern.Length == parts.Length && pattern.Zip(parts).All(p => p.First.StartsWith(':') ? emptyToo || p.Second.Length > 0 : p.First == p.Second);

        // A fixed part goes before a parameter, at the first place where two patterns differ in that.
        private static int Compare(string[] a, string[] b) =>
            a.Zip(b).Select(static p => p.First.StartsWith(':').CompareTo(p.Second.StartsWith(':'))).FirstOrDefault(static c => c != 0);
    }
}

/// <summary>What gin's router makes of a request.</summary>
/// <param name="Route">The route; null if there is none for this method.</param>
/// <param name="Parameters">What stands for its parameters.</param>
/// <typeparam name="T">What a route is.</typeparam>
internal sealed record GinChoice<T>(T? Route = null, IReadOnlyList<KeyValuePair<string, string>>? Parameters = null) where T : class
{
    /// <summary>There is a route with a slash more or less at the end.</summary>
    public bool IsRedirect { get; init; }

    /// <summary>The methods that have a route here, where this one has none; null without any.</summary>
    public string? Allow { get; init; }
}
