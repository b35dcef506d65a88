using Grpc.Core;

namespace Inference.Client;

/// <summary>
/// A call failed. Its type is the family, by gRPC code: catch the family that you can do something about, and look at
/// <see cref="Reason"/> where that tells more. A reason that is not known to you needs nothing else.
/// </summary>
public abstract class InferenceException : RpcException
{
    private protected InferenceException(RpcException failure, ErrorDetails details)
        : base(failure.Status, failure.Trailers, failure.Status.Detail)
    {
        Details = details;
    }

    /// <summary>All that the status says.</summary>
    public ErrorDetails Details { get; }

    /// <summary>Why, for a program: for example <c>MODEL_NOT_FOUND</c>.</summary>
    public string Reason => Details.Reason;

    /// <summary>The variable parts of the message.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Details.Metadata;

    /// <summary>How long to wait before the same call may succeed. Null: do not retry.</summary>
    public TimeSpan? RetryDelay => Details.RetryDelay;

    /// <summary>What the server's log knows the call by.</summary>
    public string? RequestId => Details.RequestId;

    /// <summary>The typed form of what gRPC threw; itself, if it has one already.</summary>
    /// <param name="failure">From a generated stub.</param>
    /// <param name="headers">The response headers, if the call had any before it failed.</param>
    public static InferenceException From(RpcException failure, Metadata? headers = null)
    {
        if (failure is InferenceException typed)
        {
            return typed;
        }

        var details = ErrorDetails.Of(failure, headers);
        return failure.StatusCode switch
        {
            StatusCode.NotFound => new NotFoundException(failure, details),
            StatusCode.AlreadyExists => new AlreadyExistsException(failure, details),
            StatusCode.InvalidArgument or StatusCode.OutOfRange => new InvalidArgumentException(failure, details),
            StatusCode.FailedPrecondition or StatusCode.Aborted => new FailedPreconditionException(failure, details),
            StatusCode.ResourceExhausted => new ResourceExhaustedException(failure, details),
            StatusCode.Unavailable => new UnavailableException(failure, details),
            StatusCode.Cancelled => new CancelledException(failure, details),
            StatusCode.DeadlineExceeded => new DeadlineExceededException(failure, details),
            StatusCode.DataLoss => new DataLossException(failure, details),
            StatusCode.Unauthenticated => new UnauthenticatedException(failure, details),
            StatusCode.PermissionDenied => new PermissionDeniedException(failure, details),
            StatusCode.Unimplemented => new UnimplementedException(failure, details),
            _ => new InternalException(failure, details),
        };
    }
}
