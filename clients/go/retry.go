package client

import (
	"context"
	"errors"
	"time"
)

// Attempts is how often Retry and RetryStream call at most, the first time included.
const Attempts = 5

// Retry calls again where the server says that it helps: only after a failure with a RetryDelay, and after that delay. A wait that would
// outlast the deadline of ctx is not begun: the failure is returned instead.
func Retry[T any](ctx context.Context, call func(context.Context) (T, error)) (T, error) {
	for attempt := 1; ; attempt++ {
		answer, err := call(ctx)
		if err == nil || attempt == Attempts || !waited(ctx, err) {
			return answer, err
		}
	}
}

// RetryStream is the same for a stream, which is never called again once it has begun.
func RetryStream[T any](ctx context.Context, call func(context.Context) Seq2[T]) Seq2[T] {
	return func(yield func(T, error) bool) {
		for attempt := 1; ; attempt++ {
			begun, again := false, false
			call(ctx)(func(message T, err error) bool {
				if err != nil && !begun && attempt < Attempts && waited(ctx, err) {
					again = true
					return false
				}
				begun = true
				return yield(message, err)
			})
			if !again {
				return
			}
		}
	}
}

// waited waits as err says, and tells whether to call again. A wait that is cancelled ends with the failure that it was for.
func waited(ctx context.Context, err error) bool {
	var failure *CallError
	if !errors.As(err, &failure) || failure.RetryDelay == nil {
		return false
	}
	if deadline, ok := ctx.Deadline(); ok && !time.Now().Add(*failure.RetryDelay).Before(deadline) {
		return false
	}
	timer := time.NewTimer(*failure.RetryDelay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
