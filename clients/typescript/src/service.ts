import { Metadata, type Client, type ClientReadableStream, type ClientUnaryCall } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { typed } from './errors.js';

/** How to make a call. */
export interface CallOptions {
  /** When to give up: a moment, in milliseconds since 1970 or as a date. */
  deadline?: Date | number;
  /** Cancels the call. */
  signal?: AbortSignal;
  /** Headers, for example `x-request-id`. */
  headers?: Record<string, string>;
}

type Method = MethodDefinition<any, any, any, any>;
type RequestOf<M> = M extends MethodDefinition<infer Q, infer _R, infer _QO, infer _RO> ? Q : never;
type AnswerOf<M> = M extends MethodDefinition<infer _Q, infer _R, infer _QO, infer RO> ? RO : never;

/** The calls of one service, by their names in the contract. What fails, fails as an InferenceError. */
export class Service<D> {
  constructor(private readonly client: Client, readonly definition: D) {}

  /** Makes a call with one answer. */
  unary<N extends keyof D & string>(name: N, request: RequestOf<D[N]>, options: CallOptions = {}): Promise<AnswerOf<D[N]>> {
    const method = this.definition[name] as Method;
    return new Promise((resolve, reject) => {
      let headers: Metadata | undefined;
      const call = this.client.makeUnaryRequest(
        method.path, method.requestSerialize, method.responseDeserialize, request, metadata(options), { deadline: options.deadline },
        (error, answer) => {
          ended();
          if (error) reject(typed(error, headers));
          else resolve(answer as AnswerOf<D[N]>);
        });
      call.on('metadata', (received) => { headers = received; });
      const ended = cancelledBy(options.signal, call);
    });
  }

  /** Makes a call with a stream of answers. To stop reading ends the call. */
  async *stream<N extends keyof D & string>(name: N, request: RequestOf<D[N]>, options: CallOptions = {}): AsyncGenerator<AnswerOf<D[N]>, void, void> {
    const method = this.definition[name] as Method;
    let headers: Metadata | undefined;
    const call: ClientReadableStream<AnswerOf<D[N]>> = this.client.makeServerStreamRequest(
      method.path, method.requestSerialize, method.responseDeserialize, request, metadata(options), { deadline: options.deadline });
    call.on('metadata', (received) => { headers = received; });
    // What comes after the reader has left is nobody's.
    call.on('error', () => {});
    const ended = cancelledBy(options.signal, call);
    try {
      yield* call;
    } catch (error) {
      throw typed(error, headers);
    } finally {
      ended();
      call.cancel();
    }
  }
}

function metadata(options: CallOptions): Metadata {
  const result = new Metadata();
  for (const [name, value] of Object.entries(options.headers ?? {})) result.set(name, value);
  return result;
}

function cancelledBy(signal: AbortSignal | undefined, call: ClientUnaryCall | ClientReadableStream<unknown>): () => void {
  const cancel = () => call.cancel();
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  return () => signal?.removeEventListener('abort', cancel);
}
