namespace Inference.GoJson;

/// <summary>What is wrong with a value that is JSON but not what a field takes.</summary>
public abstract record GoFault
{
    /// <summary>An UnmarshalTypeError: Go adds to it where it happened, again in each decoder around it.</summary>
    /// <param name="Value">The kind of value, or <c>number</c> and the literal where the literal itself does not fit.</param>
    /// <param name="Type">Go's name of the wanted type.</param>
    public sealed record Mismatch(string Value, string Type) : GoFault
    {
    /// <summary>Go's name of the innermost struct, empty outside of one.</summary>
        public string Struct { get; init; } = "";

        /// <summary>The names of the fields on the way there, joined by dots.</summary>
        public string Field { get; init; } = "";

        public override string ToString() => Struct.Length > 0 || Field.Length > 0
            ? $"json: cannot unmarshal {Value} into Go struct field {Struct}.{Field} of type {Type}"
            : $"json: cannot unmarshal {Value} into Go value of type {Type}";
    }

    /// <summary>Any other error: it keeps its words whatever it passes through.</summary>
    public sealed record Words(string Text) : GoFault
    {
        public override string ToString() => Text;
    }

    // Records would print their members.
    public abstract override string ToString();
}
