using System.CommandLine;
using Inference.Benchmarks.Load;
using Inference.Benchmarks.Micro;

var root = new RootCommand("Benchmarks of Inference. Every result is a ratio within one run, the median of interleaved rounds: absolute times of a shared machine mean little.")
{
    LoadCommand.Create(),
    ErrorsCommand.Create(),
    BareEngine.CreateCommand(),
    MicroCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
