import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { fileURLToPath } from 'node:url';

// As the types in generated/ were made.
const contract = loadSync(
  ['inference/v1/inference.proto', 'inference/v1/models.proto', 'inference/v1/server.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto'],
  { includeDirs: [fileURLToPath(new URL('../protos', import.meta.url))], longs: String, enums: String, defaults: true, oneofs: true });

/** A service of `inference.v1`. */
export function service<T>(name: string): T {
  return contract[`inference.v1.${name}`] as ServiceDefinition as unknown as T;
}

/** Reads a message by its full name; undefined for one that this client does not know. */
export function decode<T>(name: string, bytes: Buffer): T | undefined {
  const type = contract[name] as MessageTypeDefinition<object, object> | undefined;
  return type?.deserialize(bytes) as T | undefined;
}
