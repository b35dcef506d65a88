using System.Reflection;
using System.Text.RegularExpressions;
using Inference.ContractTests.House;
using Inference.Errors;
using Inference.TestKit.Provocations;

namespace Inference.ContractTests.Law;

/// <summary>Every entry of the catalogue is provoked over every door, or listed with the reason why it cannot be.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void EveryReason_IsProvokedOverGrpc() => Check(Doors.Grpc, static p => p.Method.Length > 0);

    [Fact]
    public void EveryReason_IsProvokedOverRest() => Check(Doors.Rest, static p => ProvokedCalls.RestOf(p) is not null);

    [Fact]
    public void EveryReason_IsProvokedOnARouteOfOllama() => Check(Doors.Ollama, static p => p.Ollama is not null);

    [Fact]
    public void WhatCannotBeProvokedAnywhere_IsThrownNowhere()
    {
        var names = typeof(Catalogue).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(static f => f.GetValue(null) is ErrorKind).ToDictionary(static f => ((ErrorKind)f.GetValue(null)!).Reason, static f => f.Name, StringComparer.Ordinal);
        var everywhere = Unprovoked.All.Where(static u => u.Doors == Doors.All).Select(u => names[u.Reason]).ToList();
        var thrown = new Regex($@"Catalogue\.({string.Join('|', everywhere)})\.(For|Because)\b", RegexOptions.ExplicitCapture);
        Offences.None(Tree.CSharp("src/").Where(f => thrown.IsMatch(Tree.Read(f.Path))).Select(static f => f.Path));
    }

    private static void Check(Doors door, Func<Provocation, bool> has)
    {
        var listed = Unprovoked.At(door).ToList();
        Assert.Equal(listed.Distinct(StringComparer.Ordinal), listed);
        Assert.Equal(
            Catalogue.All.Select(static k => k.Reason).Except(listed, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            Provocations.Reasons(has).Order(StringComparer.Ordinal));
    }
}
