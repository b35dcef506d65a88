namespace Inference.Prompts.GoTemplates.Values;

/// <summary>What one run may take, so that a hostile template ends with an error and not the server with it. Go has only the first of these.</summary>
internal static class Limits
{
    /// <summary>Templates within templates. Go allows 100 000; its stack grows.</summary>
    public const int Depth = 1_000;

    /// <summary>Nodes walked, and a 256th of the characters worked on. A template takes some tens of steps for a message; this is a few seconds of work.</summary>
    public const int Steps = 20_000_000;

    /// <summary>Characters printed, and characters of one value. A prompt of a million tokens has four million.</summary>
    public const int Text = 16 * 1024 * 1024;
}
