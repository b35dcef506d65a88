using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Inference.ContractTests.House;

/// <summary>What a clone on any machine, with any mirror of any registry, must not depend on.</summary>
public sealed partial class TrackedFileTests
{
    [Fact]
    public void Files_NameNoPackageRegistry() => Offences.None(TextFile.Matches(Registry()));

    // Inside an image, root's home is the same for everybody.
    [Fact]
    public void Files_NameNoFolderOfOneMachine() => Offences.None(TextFile.Matches(MachinePath()).Where(m => !m.StartsWith("Dockerfile:", StringComparison.Ordinal)));

    [Fact]
    public void NpmLocks_HoldNoAddress_AndTheSettingThatKeepsThemSoLiesBeside()
    {
        var locks = Tree.Files.Where(f => Path.GetFileName(f) == "package-lock.json").ToList();
        Assert.NotEmpty(locks);
        foreach (var path in locks)
        {
            using var json = JsonDocument.Parse(Tree.Read(path));
            Assert.DoesNotContain(json.RootElement.GetProperty("packages").EnumerateObject(), p => p.Value.TryGetProperty("resolved", out _));

            // npm reads the .npmrc beside package.json and no other of the repository.
            var setting = Path.Combine(Path.GetDirectoryName(path)!, ".npmrc").Replace('\\', '/');
            Assert.Contains(setting, Tree.Files);
            Assert.Contains("omit-lockfile-registry-resolved=true", Tree.Read(setting).Split('\n'));
        }
    }

    [Fact]
    public void PackageVersions_AreInDirectoryPackagesProps_Only()
    {
        var elsewhere = from file in Tree.Files
                        where Path.GetExtension(file) is ".csproj" or ".props" or ".targets" && file != "src/Directory.Packages.props"
                        from element in XDocument.Load(Tree.Full(file)).Descendants()
                        where element.Name.LocalName is "PackageVersion" || (element.Name.LocalName is "PackageReference" && (element.Attribute("Version") ?? element.Attribute("VersionOverride")) is not null)
                        select $"{file}: {element}";
        Offences.None(elsewhere);
    }

    // In brackets so that this file does not name them.
    [GeneratedRegex(@"registry[.]npmjs|npmjs[.]com|api[.]nuget|nuget[.]org|pypi[.]org|pythonhosted[.]org|deb[.]debian|crates[.]io|proxy[.]golang|rubygems[.]org|repo1?[.]maven", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();

    [GeneratedRegex(@"(?<![\w./~-])/(root|home|work|Users)/[\w.]|\b[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();
}
