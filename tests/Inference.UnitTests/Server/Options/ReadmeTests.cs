using Inference.Server.Options;
using Inference.TestKit;

namespace Inference.UnitTests.Server.Options;

public sealed class ReadmeTests
{
    private const string Head = "| option | variable | default | |\n|---|---|---|---|\n";

    /// <summary>UPDATE_GOLDEN=1 writes the table anew.</summary>
    [Fact]
    public void Table_OfOptions_IsWhatTheCommandLineKnows()
    {
        var path = Path.Combine(Places.Root, "README.md");
        var readme = File.ReadAllText(path);
        var start = readme.IndexOf(Head, StringComparison.Ordinal) + Head.Length;
        var end = readme.IndexOf("\n\n", start, StringComparison.Ordinal);
        var table = string.Join('\n', Settings.All.Select(Row));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, readme[..start] + table + readme[end..]);
        }
        else
        {
            Assert.Equal(table, readme[start..end]);
        }
    }

    private static string Row(Setting setting)
    {
        var option = setting.Option is null ? "" : $"`{setting.Option} {setting.Kind.Name.Replace("|", "\\|", StringComparison.Ordinal)}`";
        return $"| {option} | `{setting.Variable}` | {setting.Default} | {setting.Meaning} |";
    }
}
