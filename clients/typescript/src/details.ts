import { Metadata } from '@grpc/grpc-js';
import { decode } from './protos.js';
import type { Status__Output } from './generated/google/rpc/Status.js';
import type { ErrorInfo__Output } from './generated/google/rpc/ErrorInfo.js';
import type { BadRequest__Output } from './generated/google/rpc/BadRequest.js';
import type { PreconditionFailure__Output } from './generated/google/rpc/PreconditionFailure.js';
import type { QuotaFailure__Output } from './generated/google/rpc/QuotaFailure.js';
import type { ResourceInfo__Output } from './generated/google/rpc/ResourceInfo.js';
import type { RequestInfo__Output } from './generated/google/rpc/RequestInfo.js';
import type { RetryInfo__Output } from './generated/google/rpc/RetryInfo.js';
import type { Help__Output } from './generated/google/rpc/Help.js';

export interface FieldViolation { field: string; description: string; reason: string }
export interface PreconditionViolation { type: string; subject: string; description: string }
export interface QuotaViolation { subject: string; description: string }
export interface Resource { type: string; name: string; description: string }
export interface HelpLink { description: string; url: string }

/** What a failed call says besides its code: the details of `google.rpc.Status`, by type. What was not sent is empty. */
export interface ErrorDetails {
  /** An `ErrorReason` without its prefix, for example `MODEL_NOT_FOUND`; empty where the failure is not the server's own. */
  reason: string;
  /** Who gives the reason its meaning: `inference`. */
  domain: string;
  /** Every variable part of the message, under the keys that the reason has in `errors.proto`. */
  metadata: Record<string, string>;
  /** The fields that are wrong, all of them at once. */
  fieldViolations: FieldViolation[];
  /** What must be changed before such a call can succeed. */
  preconditionViolations: PreconditionViolation[];
  /** What is used up. */
  quotaViolations: QuotaViolation[];
  /** What is absent or damaged. */
  resource?: Resource;
  /** Where people read on. */
  helpLinks: HelpLink[];
  /** Milliseconds to wait before the same call may succeed. Undefined: do not retry. */
  retryDelay?: number;
  /** What the server's log knows the call by. */
  requestId?: string;
}

/** Reads them from the trailers, and the id of the call also from the headers. */
export function readDetails(trailers: Metadata, headers?: Metadata): ErrorDetails {
  const found = unpack(trailers);
  const one = <T>(name: string) => found.get(`google.rpc.${name}`) as T | undefined;
  const info = one<ErrorInfo__Output>('ErrorInfo');
  const resource = one<ResourceInfo__Output>('ResourceInfo');
  const delay = one<RetryInfo__Output>('RetryInfo')?.retryDelay;
  return {
    reason: info?.reason ?? '',
    domain: info?.domain ?? '',
    metadata: { ...info?.metadata },
    fieldViolations: one<BadRequest__Output>('BadRequest')?.fieldViolations.map(({ field, description, reason }) => ({ field, description, reason })) ?? [],
    preconditionViolations: one<PreconditionFailure__Output>('PreconditionFailure')?.violations.map(({ type, subject, description }) => ({ type, subject, description })) ?? [],
    quotaViolations: one<QuotaFailure__Output>('QuotaFailure')?.violations.map(({ subject, description }) => ({ subject, description })) ?? [],
    resource: resource && { type: resource.resourceType, name: resource.resourceName, description: resource.description },
    helpLinks: one<Help__Output>('Help')?.links.map(({ description, url }) => ({ description, url })) ?? [],
    retryDelay: wait(text(trailers, 'grpc-retry-pushback-ms'), delay ? Number(delay.seconds) * 1000 + delay.nanos / 1e6 : undefined),
    requestId: one<RequestInfo__Output>('RequestInfo')?.requestId || text(trailers, 'x-request-id') || text(headers, 'x-request-id'),
  };
}

// The first of each type.
function unpack(trailers: Metadata): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const [bytes] = trailers.get('grpc-status-details-bin');
  if (bytes) {
    for (const any of decode<Status__Output>('google.rpc.Status', bytes as Buffer)!.details) {
      const name = any.type_url.slice(any.type_url.lastIndexOf('/') + 1);
      if (!found.has(name)) found.set(name, decode(name, any.value as Buffer));
    }
  }
  return found;
}

// As gRPC's retry design reads the trailer: what is no number, or below zero, says not to retry.
function wait(pushback: string | undefined, told: number | undefined): number | undefined {
  if (pushback === undefined) return told;
  return /^\d+$/.test(pushback) ? told ?? Number(pushback) : undefined;
}

const text = (metadata: Metadata | undefined, key: string) => metadata?.get(key)[0]?.toString();
