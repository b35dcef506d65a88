import { Ollama } from 'ollama';

export const model = process.env.INFERENCE_MODEL ?? 'toy';
export const embeddingModel = process.env.INFERENCE_EMBEDDING_MODEL ?? 'toy-embed';
export const host = `http://${process.env.INFERENCE_ADDRESS ?? '127.0.0.1:11434'}`;

// A client of its own for each test: abort() ends every stream of a client.
export const ollama = () => new Ollama({ host });
export const greedy = { temperature: 0 };

export async function all(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}
