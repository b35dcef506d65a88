// A conversation of one question, with what to do when it fails.
using Grpc.Core;
using Grpc.Net.Client;
using Inference.Client;
using Inference.V1;

var address = args.ElementAtOrDefault(0) ?? "http://127.0.0.1:11434";
var question = new ChatRequest
{
    Model = args.ElementAtOrDefault(1) ?? "toy",
    Messages = { new ChatMessage { Role = Role.User, Content = { new ContentPart { Text = args.ElementAtOrDefault(2) ?? "Why is the sky blue?" } } } },
};

using var channel = GrpcChannel.ForAddress(address);
var client = new InferenceClient(channel);
var options = new CallOptions(deadline: DateTime.UtcNow.AddMinutes(1));
try
{
    await foreach (var message in Retry.WhenTold(o => client.ChatAsync(question, o), options))
    {
        Console.Write(message.Text);
    }

    Console.WriteLine();
    return 0;
}
catch (NotFoundException e)
{
    Console.Error.WriteLine($"{e.Resource?.ResourceName} is not there: {string.Join(' ', e.Details.HelpLinks.Select(l => $"{l.Description} {l.Url}"))}");
}
catch (InvalidArgumentException e)
{
    Console.Error.WriteLine(string.Join(Environment.NewLine, e.FieldViolations.Select(v => $"{v.Field} {v.Description}")));
}
catch (InferenceException e)
{
    Console.Error.WriteLine($"{e.StatusCode} {e.Reason}: {e.Message} (request {e.RequestId})");
}

return 1;
