using Google.Rpc;

namespace Inference.Errors;

/// <summary>Collects what is wrong with a request's fields, so that one answer names all of it.</summary>
public sealed class FieldErrors
{
    private readonly List<BadRequest.Types.FieldViolation> _violations = [];
    private Error? _first;

    /// <summary>A single field out of its range, where the first fault counts.</summary>
    /// <param name="field">Path in proto names.</param>
    /// <param name="value">What was sent.</param>
    /// <param name="expectation">What is allowed.</param>
    public static InferenceException One(string field, object? value, string expectation)
    {
        var errors = new FieldErrors();
        errors.Invalid(field, value, expectation);
        return new InferenceException(errors._first! with { Violations = errors._violations });
    }

    /// <param name="field">Path in proto names, for example <c>options.top_p</c>.</param>
    public void Required(string field) => Add(field, "must be set", Catalogue.FieldRequired.For(field));

    /// <param name="field">Path in proto names.</param>
    /// <param name="value">What was sent.</param>
    /// <param name="expectation">What is allowed, for example <c>must be between 0 and 1</c>.</param>
    public void Invalid(string field, object? value, string expectation)
    {
        var error = Catalogue.FieldInvalid.For(field, value).Error;
        Add(field, expectation, new InferenceException(error with { Facts = error.Facts.With("expectation", expectation) }));
    }

    public void Conflict(string field, string other) => Add(field, $"excludes {other}", Catalogue.FieldConflict.For(field, other));

    /// <summary>Throws if anything was reported.</summary>
    public void Check()
    {
        if (_first is not null)
        {
            throw new InferenceException(_first with { Violations = _violations });
        }
    }

    private void Add(string field, string description, InferenceException failure)
    {
        _first ??= failure.Error;
        _violations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description, Reason = failure.Error.Kind.Reason });
    }
}
