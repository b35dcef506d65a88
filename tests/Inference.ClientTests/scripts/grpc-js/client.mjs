// Stubs for grpc-js, made from protos/ as they lie in the repository; the google/ imports are where the build lays them for buf, too.
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const protos = loader.loadSync(
  ['inference/v1/inference.proto', 'inference/v1/models.proto', 'inference/v1/server.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'],
  { includeDirs: [`${root}protos`, `${root}artifacts/googleapis`], keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true });

const address = process.env.INFERENCE_ADDRESS ?? '127.0.0.1:11434';
export const model = process.env.INFERENCE_MODEL ?? 'toy';
export const embeddingModel = process.env.INFERENCE_EMBEDDING_MODEL ?? 'toy-embed';

const { v1 } = grpc.loadPackageDefinition(protos).inference;
const plain = grpc.credentials.createInsecure();
export const inference = new v1.InferenceService(address, plain);
export const models = new v1.ModelService(address, plain);
export const server = new v1.ServerService(address, plain);
export { grpc };

// Nothing here takes this long; what hangs is to be seen.
const soon = () => Date.now() + 60_000;

export function unary(stub, method, request, options = {}) {
  return new Promise((resolve, reject) =>
    stub[method](request, new grpc.Metadata(), { deadline: soon(), ...options }, (error, response) => (error ? reject(error) : resolve(response))));
}

// Reads a stream to its end, whichever it is: { messages, error, metadata, status }.
export function read(method, request, { on = () => {}, metadata = new grpc.Metadata(), ...options } = {}) {
  return new Promise((resolve) => {
    const seen = { messages: [] };
    const call = inference[method](request, metadata, { deadline: soon(), ...options });
    call.on('metadata', (m) => { seen.metadata = m; });
    call.on('data', (m) => { seen.messages.push(m); on(call, seen.messages); });
    call.on('error', (e) => { seen.error = e; });
    call.on('status', (s) => { seen.status = s; resolve(seen); });
  });
}

// What a program reads of a failure: its details by type, with ErrorInfo's metadata.
export function details(error) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!bytes) throw new Error(`no details with ${error.message}`);
  const status = protos['google.rpc.Status'].deserialize(bytes);
  return Object.fromEntries(status.details.map((any) => {
    const name = any.type_url.split('/')[1];
    return [name, protos[name].deserialize(any.value)];
  }));
}

export const text = (messages) => messages.filter((m) => m.event === 'text').map((m) => m.text).join('');
export const events = (messages) => messages.map((m) => m.event);
export const user = (content) => ({ role: 'ROLE_USER', content: [{ text: content }] });
export const greedy = { temperature: 0 };
// Unset, a model thinks if it can.
export const plainly = { options: greedy, thinking: { enabled: false } };
