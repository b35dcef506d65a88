using System.Buffers;
using Inference.Facade.Ollama.Replies;
using Inference.GoJson;
using Inference.TestKit;

namespace Inference.UnitTests.Facade.Ollama;

public sealed class ReplyAllocationTests
{
    private const int Pieces = 1_000;

    [Fact]
    public void Piece_OfText_AllocatesNothing()
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 20);
        var json = new GoJsonWriter(buffer);
        var time = DateTimeOffset.UnixEpoch.AddTicks(1234567);

        Assert.Equal(0, Allocation.Of(() =>
        {
            buffer.ResetWrittenCount();
            WritePieces(json, time);
        }));
    }

    private static void WritePieces(GoJsonWriter json, DateTimeOffset time)
    {
        for (var i = 0; i < Pieces; i++)
        {
            json.Time(time);
            ChatReply.Piece(json, " <Hello> \U0001F600", "", [], logprobs: null);
            GenerateReply.Piece(json, " \"Hello\"\n", "", logprobs: null);
        }
    }
}
