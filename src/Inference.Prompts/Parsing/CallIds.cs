using System.Security.Cryptography;

namespace Inference.Prompts.Parsing;

/// <summary>Names for tool calls, as Ollama makes them.</summary>
public static class CallIds
{
    /// <summary><c>call_</c> and eight characters of a to z and 0 to 9.</summary>
    public static string New() => "call_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 8);
}
