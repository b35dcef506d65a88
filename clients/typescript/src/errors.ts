import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { readDetails, type ErrorDetails } from './details.js';

/**
 * A call failed. Its class is the family, by gRPC code: catch the family that you can do something about, and look at `reason` where that
 * tells more. A reason that is not known to you needs nothing else.
 */
export class InferenceError extends Error {
  /** The gRPC code. */
  readonly code: status;
  /** All that the status says. */
  readonly details: ErrorDetails;

  constructor(failure: ServiceError, headers?: Metadata) {
    super(failure.details || failure.message, { cause: failure });
    this.name = new.target.name;
    this.code = failure.code;
    this.details = readDetails(failure.metadata ?? new Metadata(), headers);
  }

  /** Why, for a program: for example `MODEL_NOT_FOUND`. */
  get reason(): string { return this.details.reason; }

  /** The variable parts of the message. */
  get metadata(): Record<string, string> { return this.details.metadata; }

  /** Milliseconds to wait before the same call may succeed. Undefined: do not retry. */
  get retryDelay(): number | undefined { return this.details.retryDelay; }

  /** What the server's log knows the call by. */
  get requestId(): string | undefined { return this.details.requestId; }
}

/** A model, adapter or blob is not there: pull it, or correct the name. */
export class NotFoundError extends InferenceError {
  get resource() { return this.details.resource; }
}

/** What was to be made is there already. */
export class AlreadyExistsError extends InferenceError {
  get resource() { return this.details.resource; }
}

/** The request is wrong, whatever the state of the server. */
export class InvalidArgumentError extends InferenceError {
  get fieldViolations() { return this.details.fieldViolations; }
}

/** The request is right, and this model or server cannot do it: another one may. */
export class FailedPreconditionError extends InferenceError {
  get violations() { return this.details.preconditionViolations; }
}

/** The queue, the memory or the disk is full. Retry if there is a `retryDelay`; else ask for less. */
export class ResourceExhaustedError extends InferenceError {
  get violations() { return this.details.quotaViolations; }
}

/** The server cannot be reached, or not now. With a `retryDelay` it said so itself. */
export class UnavailableError extends InferenceError {}

/** The caller cancelled. */
export class CancelledError extends InferenceError {
  /** How far the call was, if the server could still say it. */
  get phase() { return this.metadata.phase; }
}

/** The deadline passed. */
export class DeadlineExceededError extends InferenceError {
  /** How far the call was, if the server could still say it. */
  get phase() { return this.metadata.phase; }
}

/** A file of a model is damaged: pull or create it again. */
export class DataLossError extends InferenceError {
  get resource() { return this.details.resource; }
}

/** A remote wants an account. */
export class UnauthenticatedError extends InferenceError {
  get signinUrl() { return this.metadata.signin_url; }
}

/** Not allowed here, whoever asks or whoever is signed in. */
export class PermissionDeniedError extends InferenceError {}

/** This server cannot do that at all. */
export class UnimplementedError extends InferenceError {
  get feature() { return this.metadata.feature; }
}

/** The server failed, or a code came that has no family. Report it with its `requestId`. */
export class InternalError extends InferenceError {}

const families: Partial<Record<status, typeof InferenceError>> = {
  [status.NOT_FOUND]: NotFoundError,
  [status.ALREADY_EXISTS]: AlreadyExistsError,
  [status.INVALID_ARGUMENT]: InvalidArgumentError,
  [status.OUT_OF_RANGE]: InvalidArgumentError,
  [status.FAILED_PRECONDITION]: FailedPreconditionError,
  [status.ABORTED]: FailedPreconditionError,
  [status.RESOURCE_EXHAUSTED]: ResourceExhaustedError,
  [status.UNAVAILABLE]: UnavailableError,
  [status.CANCELLED]: CancelledError,
  [status.DEADLINE_EXCEEDED]: DeadlineExceededError,
  [status.DATA_LOSS]: DataLossError,
  [status.UNAUTHENTICATED]: UnauthenticatedError,
  [status.PERMISSION_DENIED]: PermissionDeniedError,
  [status.UNIMPLEMENTED]: UnimplementedError,
};

/** The typed form of what grpc-js gave; anything else comes back as it is. */
export function typed(failure: unknown, headers?: Metadata): unknown {
  if (failure instanceof InferenceError || !(failure instanceof Error) || typeof (failure as ServiceError).code !== 'number') return failure;
  const Family = families[(failure as ServiceError).code] ?? InternalError;
  return new Family(failure as ServiceError, headers);
}
