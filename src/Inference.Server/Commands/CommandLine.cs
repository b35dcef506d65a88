using System.CommandLine;
using Inference.Server.Options;
using Inference.Server.Start;

namespace Inference.Server.Commands;

/// <summary>The command line: <c>serve</c>, which is also what no command means, <c>health</c> and <c>errors</c>.</summary>
internal static class CommandLine
{
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors is [var first, ..])
        {
            parsed.InvocationConfiguration.Error.WriteLine($"inference: {first.Message.TrimEnd('.')} (--help lists what there is)");
            return Task.FromResult((int)ExitCode.Usage);
        }

        // The host stops on SIGTERM by itself, and an exception that comes up here is a bug that must be seen.
        var invocation = parsed.InvocationConfiguration;
        (invocation.ProcessTerminationTimeout, invocation.EnableDefaultExceptionHandler) = (null, false);
        return parsed.InvokeAsync(invocation);
    }

    private static RootCommand Root()
    {
        var options = Settings.All.Where(static s => s.Option is not null).ToDictionary(static s => s.Option!, AsOption);
        var serve = new Command("serve", "Run the server. What no command means, too.");
        var health = new Command("health", "Ask the server on --host whether it takes calls; the exit code is 0 or 1.");
        var root = new RootCommand($"{Product.Name}: a gRPC-first LLM server that is Ollama to HTTP clients, on one port.\n\nEvery option can also be set as the environment variable in brackets; the command line goes first.");
        var patience = new Option<int>("--patience")
        {
            HelpName = "seconds",
            Description = "How long to wait for the answer. Default 5, less than the 6 that the Dockerfile gives a health check.",
            DefaultValueFactory = static _ => 5,
        };
        var errors = new Command("errors", "Print the catalogue: every error that the server can return, over gRPC, REST and Ollama's routes.");
        var format = new Option<ErrorsCommand.Format>("--format")
        {
            HelpName = "json|markdown",
            Description = "json for programs, markdown for people. Default json.",
        };
        errors.Add(format);
        errors.SetAction(parsed => ErrorsCommand.Run(parsed.GetValue(format), parsed.InvocationConfiguration));
        serve.SetAction((parsed, ct) => ServeCommand.RunAsync(() => Chosen(parsed, options), parsed.InvocationConfiguration, ct));
        health.SetAction((parsed, ct) => HealthCommand.RunAsync(() => Chosen(parsed, options), TimeSpan.FromSeconds(parsed.GetValue(patience)), parsed.InvocationConfiguration, ct));
        root.SetAction((parsed, ct) => ServeCommand.RunAsync(() => Chosen(parsed, options), parsed.InvocationConfiguration, ct));
        foreach (var option in options.Values)
        {
            serve.Add(option);
            root.Add(option);
        }

        foreach (var name in (string[])["--host", "--tls-certificate", "--tls-key", "--tls-only"])
        {
            health.Add(options[name]);
        }

        health.Add(patience);
        root.Add(serve);
        root.Add(health);
        root.Add(errors);
        return root;
    }

    private static Option<string> AsOption(Setting setting) => new(setting.Option!)
    {
        HelpName = setting.Kind.Name,
        Description = $"{setting.Meaning} Default {setting.Default}. [{setting.Variable}]",
    };

    private static ChosenSettings Chosen(ParseResult parsed, Dictionary<string, Option<string>> options) =>
        Settings.Choose(Settings.FromEnvironment, name => parsed.GetResult(options[name]) is { Implicit: false } given ? given.GetValueOrDefault<string>() : null);
}
