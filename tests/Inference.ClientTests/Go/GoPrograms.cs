namespace Inference.ClientTests.Go;

/// <summary>
/// The Go client's programs. Its modules come from no registry that is always at hand, so the tests do not build them: whoever has built
/// <c>provoke</c> and <c>client.test</c> (see its README) says where they are with INFERENCE_GO_PROGRAMS.
/// </summary>
internal static class GoPrograms
{
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("INFERENCE_GO_PROGRAMS");

    public static Task<CommandEnd> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null) =>
        Command.RunAsync(Path.Combine(Folder!, program), arguments, Folder!, environment, input);
}
