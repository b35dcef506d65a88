using System.Text;
using Google.Protobuf;
using Inference.Runtime;
using Inference.V1;

namespace Inference.Services.Output;

/// <summary>Log-probabilities of the runtime as those of the contract.</summary>
internal static class LogprobMapping
{
    public static TokenLogprob ToContract(this TokenLogprobs token)
    {
        var mapped = ToContractAlone(token);
        mapped.Top.AddRange(token.Top.Select(ToContractAlone));
        return mapped;
    }

    private static TokenLogprob ToContractAlone(TokenLogprobs token) => new()
    {
        Id = token.Token,
        Text = Encoding.UTF8.GetString(token.Bytes), // what is no whole character reads as U+FFFD
        Piece = ByteString.CopyFrom(token.Bytes),
        Logprob = token.Logprob,
    };
}
