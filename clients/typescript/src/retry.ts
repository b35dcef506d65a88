import { setTimeout } from 'node:timers/promises';
import { InferenceError } from './errors.js';
import type { CallOptions } from './service.js';

/** How long, and how often. */
export interface RetryOptions extends CallOptions {
  /** Attempts in all, the first included. Default 5. */
  attempts?: number;
  /** Waits; for tests. */
  wait?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
}

/**
 * Calls again where the server says that it helps: only after a failure with a `retryDelay`, and after that delay. A wait that would outlast
 * the deadline is not begun: the failure is thrown instead. The deadline is for all attempts together.
 */
export async function retryWhenTold<T>(call: (options: CallOptions) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 5, wait = (ms, signal) => setTimeout(ms, undefined, { signal }), ...each } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(each);
    } catch (error) {
      if (attempt >= attempts || !mayRetry(error, each)) throw error;
      await wait(error.retryDelay, each.signal);
    }
  }
}

/** The same for a stream, which is never called again once it has begun. */
export async function* retryStreamWhenTold<T>(call: (options: CallOptions) => AsyncIterable<T>, options: RetryOptions = {}): AsyncGenerator<T, void, void> {
  const { stream, first } = await retryWhenTold(async (each) => {
    const stream = call(each)[Symbol.asyncIterator]();
    return { stream, first: await stream.next() };
  }, options);
  try {
    for (let next = first; !next.done; next = await stream.next()) yield next.value;
  } finally {
    await stream.return?.();
  }
}

function mayRetry(error: unknown, { deadline }: CallOptions): error is InferenceError & { retryDelay: number } {
  return error instanceof InferenceError && error.retryDelay !== undefined
    && (deadline === undefined || Date.now() + error.retryDelay < Number(deadline));
}
