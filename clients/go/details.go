package client

import (
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Details is what a failed call says besides its code: the details of google.rpc.Status, by type. What was not sent is empty.
type Details struct {
	// Reason is an ErrorReason without its prefix, for example MODEL_NOT_FOUND; empty where the failure is not the server's own.
	Reason string
	// Domain is who gives the reason its meaning: inference.
	Domain string
	// Metadata has every variable part of the message, under the keys that the reason has in errors.proto.
	Metadata map[string]string
	// FieldViolations are the fields that are wrong, all of them at once.
	FieldViolations []*errdetails.BadRequest_FieldViolation
	// PreconditionViolations are what must be changed before such a call can succeed.
	PreconditionViolations []*errdetails.PreconditionFailure_Violation
	// QuotaViolations are what is used up.
	QuotaViolations []*errdetails.QuotaFailure_Violation
	// Resource is what is absent or damaged, or nil.
	Resource *errdetails.ResourceInfo
	// HelpLinks are where people read on.
	HelpLinks []*errdetails.Help_Link
	// RetryDelay is how long to wait before the same call may succeed. Nil: do not retry.
	RetryDelay *time.Duration
	// RequestID is what the server's log knows the call by.
	RequestID string
}

func read(failure *status.Status, header, trailer metadata.MD) Details {
	var d Details
	// The first of each type.
	for _, detail := range failure.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if d.Reason == "" {
				d.Reason, d.Domain, d.Metadata = detail.Reason, detail.Domain, detail.Metadata
			}
		case *errdetails.BadRequest:
			if d.FieldViolations == nil {
				d.FieldViolations = detail.FieldViolations
			}
		case *errdetails.PreconditionFailure:
			if d.PreconditionViolations == nil {
				d.PreconditionViolations = detail.Violations
			}
		case *errdetails.QuotaFailure:
			if d.QuotaViolations == nil {
				d.QuotaViolations = detail.Violations
			}
		case *errdetails.ResourceInfo:
			if d.Resource == nil {
				d.Resource = detail
			}
		case *errdetails.Help:
			if d.HelpLinks == nil {
				d.HelpLinks = detail.Links
			}
		case *errdetails.RetryInfo:
			if delay := detail.GetRetryDelay(); delay != nil && d.RetryDelay == nil {
				wait := delay.AsDuration()
				d.RetryDelay = &wait
			}
		case *errdetails.RequestInfo:
			if d.RequestID == "" {
				d.RequestID = detail.RequestId
			}
		}
	}
	if pushback := trailer.Get("grpc-retry-pushback-ms"); len(pushback) > 0 {
		d.RetryDelay = wait(pushback[0], d.RetryDelay)
	}
	for _, sent := range []metadata.MD{trailer, header} {
		if id := sent.Get("x-request-id"); d.RequestID == "" && len(id) > 0 {
			d.RequestID = id[0]
		}
	}
	return d
}

// As gRPC's retry design reads the trailer: what is no number, or below zero, says not to retry.
func wait(pushback string, told *time.Duration) *time.Duration {
	milliseconds, err := strconv.ParseUint(pushback, 10, 31)
	if err != nil {
		return nil
	}
	if told != nil {
		return told
	}
	delay := time.Duration(milliseconds) * time.Millisecond
	return &delay
}
