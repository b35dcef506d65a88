package client

import (
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// CallError is what all families have in common. A Reason that is not known to you needs nothing but the family.
type CallError struct {
	Details
	// Code is the gRPC code.
	Code codes.Code
	// Message is for people, and may change.
	Message string

	status *status.Status
}

// Error implements error.
func (e *CallError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("%s: %s", e.Code, e.Message)
	}
	return fmt.Sprintf("%s %s: %s", e.Code, e.Reason, e.Message)
}

// GRPCStatus lets status.FromError and status.Code go on working.
func (e *CallError) GRPCStatus() *status.Status { return e.status }

// The families. Each is found with errors.As.
type (
	// NotFoundError: a model, adapter or blob is not there. Resource says which one; pull it, or correct the name.
	NotFoundError struct{ *CallError }
	// AlreadyExistsError: what was to be made is there already.
	AlreadyExistsError struct{ *CallError }
	// InvalidArgumentError: the request is wrong, whatever the state of the server. Correct FieldViolations.
	InvalidArgumentError struct{ *CallError }
	// FailedPreconditionError: the request is right, and this model or server cannot do it: another one may.
	FailedPreconditionError struct{ *CallError }
	// ResourceExhaustedError: the queue, the memory or the disk is full. Retry if there is a RetryDelay; else ask for less.
	ResourceExhaustedError struct{ *CallError }
	// UnavailableError: the server cannot be reached, or not now. With a RetryDelay it said so itself.
	UnavailableError struct{ *CallError }
	// CancelledError: the caller cancelled. Metadata["phase"] is how far the call was, if the server could still say it.
	CancelledError struct{ *CallError }
	// DeadlineExceededError: the deadline passed. Metadata["phase"] as above.
	DeadlineExceededError struct{ *CallError }
	// DataLossError: a file of a model is damaged: pull or create it again.
	DataLossError struct{ *CallError }
	// UnauthenticatedError: a remote wants an account. Metadata["signin_url"] is where to sign in.
	UnauthenticatedError struct{ *CallError }
	// PermissionDeniedError: not allowed here, whoever asks or whoever is signed in.
	PermissionDeniedError struct{ *CallError }
	// UnimplementedError: this server cannot do that at all. Metadata["feature"] names what it lacks.
	UnimplementedError struct{ *CallError }
	// InternalError: the server failed, or a code came that has no family. Report it with its RequestID.
	InternalError struct{ *CallError }
)

func (e *NotFoundError) Unwrap() error           { return e.CallError }
func (e *AlreadyExistsError) Unwrap() error      { return e.CallError }
func (e *InvalidArgumentError) Unwrap() error    { return e.CallError }
func (e *FailedPreconditionError) Unwrap() error { return e.CallError }
func (e *ResourceExhaustedError) Unwrap() error  { return e.CallError }
func (e *UnavailableError) Unwrap() error        { return e.CallError }
func (e *CancelledError) Unwrap() error          { return e.CallError }
func (e *DeadlineExceededError) Unwrap() error   { return e.CallError }
func (e *DataLossError) Unwrap() error           { return e.CallError }
func (e *UnauthenticatedError) Unwrap() error    { return e.CallError }
func (e *PermissionDeniedError) Unwrap() error   { return e.CallError }
func (e *UnimplementedError) Unwrap() error      { return e.CallError }
func (e *InternalError) Unwrap() error           { return e.CallError }

// typed is the typed form of what grpc returned; what is no status comes back as it is.
func typed(err error, header, trailer metadata.MD) error {
	failure, ok := status.FromError(err)
	if err == nil || !ok {
		return err
	}
	e := &CallError{Details: read(failure, header, trailer), Code: failure.Code(), Message: failure.Message(), status: failure}
	switch failure.Code() {
	case codes.NotFound:
		return &NotFoundError{e}
	case codes.AlreadyExists:
		return &AlreadyExistsError{e}
	case codes.InvalidArgument, codes.OutOfRange:
		return &InvalidArgumentError{e}
	case codes.FailedPrecondition, codes.Aborted:
		return &FailedPreconditionError{e}
	case codes.ResourceExhausted:
		return &ResourceExhaustedError{e}
	case codes.Unavailable:
		return &UnavailableError{e}
	case codes.Canceled:
		return &CancelledError{e}
	case codes.DeadlineExceeded:
		return &DeadlineExceededError{e}
	case codes.DataLoss:
		return &DataLossError{e}
	case codes.Unauthenticated:
		return &UnauthenticatedError{e}
	case codes.PermissionDenied:
		return &PermissionDeniedError{e}
	case codes.Unimplemented:
		return &UnimplementedError{e}
	default:
		return &InternalError{e}
	}
}
