using Inference.Store;

namespace Inference.Services.Knowledge;

/// <summary>A model that another server runs.</summary>
/// <param name="Spelling">As the request spells it: what errors name.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Stored">What the store says of it; null where its name alone sends it elsewhere.</param>
internal sealed record RemoteModel(string Spelling, string Name, StoredModel? Stored)
{
    /// <summary>What it is to calls that only a model of this server can answer.</summary>
    public const string Feature = "this call, for a model that another server runs,";

    /// <summary>The name by which answers tell it.</summary>
    public string FullName => Stored?.Name.FullName ?? Name;
}

/// <summary>The model that a request names: exactly one of the two.</summary>
internal readonly record struct LocatedModel(FoundModel? Here, RemoteModel? There);
