using Google.Rpc;
using Grpc.Core;

namespace Inference.Client;

/// <summary>A model, adapter or blob is not there: pull it, or correct the name. <see cref="Resource"/> says which one.</summary>
public sealed class NotFoundException : InferenceException
{
    internal NotFoundException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public ResourceInfo? Resource => Details.Resource;
}

/// <summary>What was to be made is there already.</summary>
public sealed class AlreadyExistsException : InferenceException
{
    internal AlreadyExistsException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public ResourceInfo? Resource => Details.Resource;
}

/// <summary>The request is wrong, whatever the state of the server: correct <see cref="FieldViolations"/>.</summary>
public sealed class InvalidArgumentException : InferenceException
{
    internal InvalidArgumentException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public IReadOnlyList<BadRequest.Types.FieldViolation> FieldViolations => Details.FieldViolations;
}

/// <summary>The request is right, and this model or server cannot do it: another one may.</summary>
public sealed class FailedPreconditionException : InferenceException
{
    internal FailedPreconditionException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public IReadOnlyList<PreconditionFailure.Types.Violation> Violations => Details.PreconditionViolations;
}

/// <summary>The queue, the memory or the disk is full. Retry if there is a <see cref="InferenceException.RetryDelay"/>; else ask for less.</summary>
public sealed class ResourceExhaustedException : InferenceException
{
    internal ResourceExhaustedException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public IReadOnlyList<QuotaFailure.Types.Violation> Violations => Details.QuotaViolations;
}

/// <summary>The server cannot be reached, or not now. With a <see cref="InferenceException.RetryDelay"/> it said so itself.</summary>
public sealed class UnavailableException : InferenceException
{
    internal UnavailableException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }
}

/// <summary>The caller cancelled. <see cref="Phase"/> is how far the call was, if the server could still say it.</summary>
public sealed class CancelledException : InferenceException
{
    internal CancelledException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public string? Phase => Metadata.GetValueOrDefault("phase");
}

/// <summary>The deadline passed. <see cref="Phase"/> is how far the call was, if the server could still say it.</summary>
public sealed class DeadlineExceededException : InferenceException
{
    internal DeadlineExceededException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public string? Phase => Metadata.GetValueOrDefault("phase");
}

/// <summary>A file of a model is damaged: pull or create it again. <see cref="Resource"/> says which one.</summary>
public sealed class DataLossException : InferenceException
{
    internal DataLossException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public ResourceInfo? Resource => Details.Resource;
}

/// <summary>A remote wants an account: sign in at <see cref="SigninUrl"/>.</summary>
public sealed class UnauthenticatedException : InferenceException
{
    internal UnauthenticatedException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public string? SigninUrl => Metadata.GetValueOrDefault("signin_url");
}

/// <summary>Not allowed here, whoever asks or whoever is signed in.</summary>
public sealed class PermissionDeniedException : InferenceException
{
    internal PermissionDeniedException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }
}

/// <summary>This server cannot do that at all. <see cref="Feature"/> names what it lacks.</summary>
public sealed class UnimplementedException : InferenceException
{
    internal UnimplementedException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }

    public string? Feature => Metadata.GetValueOrDefault("feature");
}

/// <summary>The server failed, or a code came that has no family. Report it with its <see cref="InferenceException.RequestId"/>.</summary>
public sealed class InternalException : InferenceException
{
    internal InternalException(RpcException failure, ErrorDetails details) : base(failure, details)
    {
    }
}
