import { Client, credentials, type ChannelCredentials, type ClientOptions } from '@grpc/grpc-js';
import { service } from './protos.js';
import { Service, type CallOptions } from './service.js';
import type { InferenceServiceDefinition } from './generated/inference/v1/InferenceService.js';
import type { ModelServiceDefinition } from './generated/inference/v1/ModelService.js';
import type { ServerServiceDefinition } from './generated/inference/v1/ServerService.js';
import type { GenerateRequest } from './generated/inference/v1/GenerateRequest.js';
import type { ChatRequest } from './generated/inference/v1/ChatRequest.js';
import type { EmbedRequest } from './generated/inference/v1/EmbedRequest.js';

/** The services of one server. Whatever fails, fails as an InferenceError. */
export class InferenceClient {
  /** Runs models: `client.inference.unary('Tokenize', …)`. */
  readonly inference: Service<InferenceServiceDefinition>;
  /** The store. */
  readonly models: Service<ModelServiceDefinition>;
  /** Describes the server. */
  readonly server: Service<ServerServiceDefinition>;

  readonly #client: Client;

  /** @param address for example `127.0.0.1:11434` */
  constructor(address: string, channel: ChannelCredentials = credentials.createInsecure(), options: ClientOptions = {}) {
    this.#client = new Client(address, channel, options);
    this.inference = new Service(this.#client, service<InferenceServiceDefinition>('InferenceService'));
    this.models = new Service(this.#client, service<ModelServiceDefinition>('ModelService'));
    this.server = new Service(this.#client, service<ServerServiceDefinition>('ServerService'));
  }

  /** Continues a prompt. To stop reading ends the call. */
  generate(request: GenerateRequest, options?: CallOptions) { return this.inference.stream('Generate', request, options); }

  /** Answers a conversation. To stop reading ends the call. */
  chat(request: ChatRequest, options?: CallOptions) { return this.inference.stream('Chat', request, options); }

  /** Turns texts into vectors. To stop reading ends the call. */
  embed(request: EmbedRequest, options?: CallOptions) { return this.inference.stream('Embed', request, options); }

  /** Closes the connection. */
  close(): void { this.#client.close(); }
}
