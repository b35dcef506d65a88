using Grpc.Core;
using Inference.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Inference.Services.Calls;

/// <summary>What was thrown becomes an error of the catalogue, is counted, and is logged once if it is a fault of ours. For every door.</summary>
public sealed class Failures(IOptions<ServiceOptions> options, Telemetry telemetry, ILogger<Failures> log)
{
    /// <param name="thrown">What was thrown.</param>
    /// <param name="requestId">Joins the answer to the log line.</param>
    /// <param name="method">The rpc or route, for the log.</param>
    /// <param name="callerGone">The caller cancelled: whatever broke then broke for that reason.</param>
    /// <param name="deadlinePassed">Its deadline is over.</param>
    public Error Translate(Exception thrown, string requestId, string method, bool callerGone = false, bool deadlinePassed = false)
    {
        var cause = thrown is not (InferenceException or OperationCanceledException) && (callerGone || deadlinePassed)
            ? new OperationCanceledException(thrown.Message, thrown)
            : thrown;
        var error = cause is RpcException foreign ? Foreign(foreign, requestId, method) : Catalogue.From(cause, requestId, deadlinePassed);
        telemetry.Failed(error);
        if (error.Kind == Catalogue.Internal)
        {
            log.CallFailed(method, requestId, error.Kind.Reason, thrown);
        }
        else if (error.Kind.Code is StatusCode.Internal or StatusCode.DataLoss)
        {
            log.CallFailedAsKnown(method, requestId, error.Kind.Reason, error.Message);
        }
        else
        {
            log.CallRefused(method, requestId, error.Kind.Reason, error.Message);
        }

        return error;
    }

    // Ours never throw these: they come from the packaged services, or from the framework while a request stream is read.
    private Error Foreign(RpcException thrown, string requestId, string method) => thrown.StatusCode switch
    {
        StatusCode.NotFound => Catalogue.ServiceUnknown.For(method).Error,
        StatusCode.ResourceExhausted => Catalogue.RequestTooLarge.For(options.Value.MaxRequestBytes).Error,
        StatusCode.Cancelled => Catalogue.RequestCancelled.For("queue").Error,
        StatusCode.DeadlineExceeded => Catalogue.DeadlineExceeded.For("queue").Error,
        StatusCode.Unimplemented => Catalogue.FeatureUnsupported.For(method).Error,
        StatusCode.InvalidArgument => Catalogue.RequestMalformed.For("the request could not be read").Error,
        _ => Catalogue.Internal.For(requestId).Error,
    };
}
