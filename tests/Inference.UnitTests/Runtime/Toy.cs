using Inference.Llama;
using Inference.Runtime;
using Inference.Runtime.Loading;
using Inference.Runtime.Scheduling;
using Inference.TestKit;

namespace Inference.UnitTests.Runtime;

/// <summary>The embedded model, loaded once for a class of tests, and engines over it.</summary>
public sealed class Toy : IDisposable
{
    public static LoadSpec Spec { get; } = new()
    {
        Model = "toy",
        Path = Places.EmbeddedWeights,
        Facts = new ModelFacts("llama", TrainedContext: 1024, CacheBytesPerToken: 5 * 2 * 128 * 2, new FileInfo(Places.EmbeddedWeights).Length, Embeds: false, Sees: false),
    };

    public LlamaModel Model { get; } = LlamaModel.Load(Places.EmbeddedWeights, new ModelParameters());

    public void Dispose() => Model.Dispose();

    internal LlamaDecoder Decoder(int slots = 8, int context = 1024, int batch = 512, bool unified = false, int? cells = null, bool? flash = false) =>
        new(Model, LlamaContext.Create(Model, new ContextParameters
        {
            ContextLength = cells ?? slots * Math.Max(256, context),
            Sequences = slots,
            BatchSize = batch,
            Unified = unified,
            FlashAttention = flash,
        }));

    internal Engine Start(
        int slots = 8, int context = 1024, int batch = 512, bool unified = false, int? cells = null, bool? flash = false,
        int capacity = 64, int queue = 512, Func<IDecoder, IDecoder>? wrap = null, TimeProvider? time = null)
    {
        IDecoder decoder = Decoder(slots, context, batch, unified, cells, flash);
        var settings = new EngineSettings
        {
            Model = "toy",
            ContextLength = context,
            Slots = slots,
            BatchSize = batch,
            Unified = unified,
            OutputCapacity = capacity,
            MaxQueue = queue,
            Time = time ?? TimeProvider.System,
        };
        return new Engine(Model, wrap is null ? decoder : wrap(decoder), settings, ownsModel: false);
    }

    internal GenerationSpec Ask(string text, int tokens = 24) => new()
    {
        Prompt = Model.Vocabulary.Tokenize(text, addSpecial: true, parseSpecial: true),
        MaxTokens = tokens,
        Sampling = new SamplingParameters { Temperature = 0 },
        StopRepetition = false,
    };

    /// <summary>The same, but the tokens that end an answer are never chosen.</summary>
    internal GenerationSpec Endless(string text, int tokens = 24) => Ask(text, tokens) with
    {
        Sampling = new SamplingParameters
        {
            Temperature = 0,
            LogitBias = Enumerable.Range(0, Model.Vocabulary.Size).Where(Model.Vocabulary.IsEnd).ToDictionary(static t => t, static _ => -100f),
        },
    };

    /// <summary>A question as the model was trained to be asked.</summary>
    internal GenerationSpec Chat(string question, int tokens = 64) =>
        Ask($"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n", tokens);
}

internal static class Reading
{
    public static async Task<string> TextAsync(this GenerationOutput output) => string.Concat((await output.AllAsync()).Select(static p => p.Text));

    public static async Task<List<Piece>> AllAsync(this GenerationOutput output)
    {
        List<Piece> pieces = [];
        await foreach (var piece in output.Pieces.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            pieces.Add(piece);
        }

        return pieces;
    }
}
