using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Inference.ContractTests.House;

/// <summary>An event id finds one line of the source: alerts and dashboards rely on it.</summary>
public sealed class LogEventTests
{
    [Fact]
    public void EventIds_AreSetAndUnique_InTheWholeProcess()
    {
        var events = Events().ToList();
        Assert.DoesNotContain(events, e => e.Id <= 0);
        Offences.None(Twice(events.Select(e => (e.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), e.Where))));
    }

    [Fact]
    public void EventNames_AreUnique_InTheWholeProcess() => Offences.None(Twice(Events().Select(e => (e.Name, e.Where))));

    private static IEnumerable<string> Twice(IEnumerable<(string Key, string Where)> events) =>
        events.GroupBy(e => e.Key, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(e => e.Where))}");

    private static IEnumerable<(int Id, string Name, string Where)> Events() =>
        from project in Project.Shipped
        from type in project.Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
        where attribute is not null
        select (attribute.EventId, attribute.EventName ?? method.Name, $"{type.FullName}.{method.Name}");
}
