using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Inference.ContractTests.House;

/// <summary>Top-level folders are walls too: inside a project, what one of them needs may not need it back. Types at a project's root are its seams and belong to no folder.</summary>
public sealed class NamespaceCircleTests
{
    private static readonly Lazy<Architecture> Shipped = new(static () => new ArchLoader().LoadAssemblies([.. Project.Shipped.Select(p => p.Assembly)]).Build());

    public static TheoryData<string> Names => [.. Project.Shipped.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Folders_NeedOneAnother_InOneDirectionOnly(string project)
    {
        var needs = Needs(project);
        var circles = from need in needs
                      where need.Key.From != need.Key.To && Reaches(needs, need.Key.To, need.Key.From)
                      select $"{need.Key.From} -> {need.Key.To}: {string.Join(", ", need.Distinct(StringComparer.Ordinal).Take(3))}";
        Offences.None(circles);
    }

    private static ILookup<(string From, string To), string> Needs(string project) => (
        from type in Shipped.Value.Types
        let folder = Folder(project, type)
        where folder is not null
        from target in type.Dependencies.Select(d => d.Target)
        let other = Folder(project, target)
        where other is not null && other != folder
        select (Edge: (folder, other), Example: $"{type.Name} -> {target.Name}")).ToLookup(n => n.Edge, n => n.Example);

    private static string? Folder(string project, IType type)
    {
        var name = type.Namespace?.FullName ?? "";
        return name.StartsWith($"{project}.", StringComparison.Ordinal) ? name[(project.Length + 1)..].Split('.')[0] : null;
    }

    private static bool Reaches(ILookup<(string From, string To), string> needs, string from, string to)
    {
        HashSet<string> seen = [from];
        Queue<string> next = new(seen);
        while (next.TryDequeue(out var folder))
        {
            foreach (var need in needs.Where(n => n.Key.From == folder && seen.Add(n.Key.To)))
            {
                next.Enqueue(need.Key.To);
            }
        }

        return seen.Contains(to);
    }
}
