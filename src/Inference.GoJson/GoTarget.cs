namespace Inference.GoJson;

/// <summary>Holds a value that does not change itself, so that fields can be read into it one after the other.</summary>
public sealed class GoTarget<T>(T value)
{
    /// <summary>What has been read so far.</summary>
    public T Value { get; set; } = value;
}
