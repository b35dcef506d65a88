using Inference.Errors;
using Inference.V1;

namespace Inference.Services;

/// <summary>The warnings of one call: what its answer is less than what was asked for.</summary>
internal sealed class Warnings
{
    private readonly List<Warning> _items = [];

    public IReadOnlyList<Warning> Items => _items;

    public void Add(Warning warning) => _items.Add(warning);

    public void Add(IEnumerable<Warning> warnings) => _items.AddRange(warnings);

    /// <summary>With <c>strict</c>, the first warning is the failure.</summary>
    /// <exception cref="InferenceException">STRICT_VIOLATION, with the warning's own keys.</exception>
    public void Check(bool strict)
    {
        if (!strict || _items.Count == 0)
        {
            return;
        }

        var first = _items[0];
        var error = Catalogue.StrictViolation.For(WarningCatalogue.NameOf(first.Reason)).Error;
        throw new InferenceException(error with { Facts = first.Metadata.Aggregate(error.Facts, static (facts, entry) => facts.With(entry.Key, entry.Value)) });
    }
}
