import test from 'node:test';
import assert from 'node:assert/strict';
import { embeddingModel, read } from './client.mjs';

const length = (values) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));

test('one vector for each input, in their order, then one finish', async () => {
  const { messages, status } = await read('Embed', { model: embeddingModel, inputs: ['one', 'two', 'one'] });
  assert.equal(status.code, 0);
  assert.deepEqual(messages.map((m) => m.event), ['embedding', 'embedding', 'embedding', 'finish']);
  const vectors = messages.slice(0, 3).map((m) => m.embedding);
  assert.deepEqual(vectors.map((v) => v.index), [0, 1, 2]);
  assert.ok(vectors.every((v) => Math.abs(length(v.values) - 1) < 1e-3), 'of length 1');
  assert.notDeepEqual(vectors[0].values, vectors[1].values);
  assert.equal(messages[3].finish.usage.prompt_tokens, vectors.reduce((sum, v) => sum + v.prompt_tokens, 0));
});

test('dimensions cut, normalize can be off', async () => {
  const { messages } = await read('Embed', { model: embeddingModel, inputs: ['one'], dimensions: 8 });
  assert.equal(messages[0].embedding.values.length, 8);
  assert.ok(Math.abs(length(messages[0].embedding.values) - 1) < 1e-3);
  const raw = await read('Embed', { model: embeddingModel, inputs: ['one'], normalize: false });
  assert.ok(Math.abs(length(raw.messages[0].embedding.values) - 1) > 1e-2);
});
