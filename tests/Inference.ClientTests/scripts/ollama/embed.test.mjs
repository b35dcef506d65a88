import test from 'node:test';
import assert from 'node:assert/strict';
import { embeddingModel, ollama } from './client.mjs';

const length = (values) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));

test('one text or several', async () => {
  const one = await ollama().embed({ model: embeddingModel, input: 'one' });
  const two = await ollama().embed({ model: embeddingModel, input: ['one', 'two'] });
  assert.equal(one.embeddings.length, 1);
  assert.equal(two.embeddings.length, 2);
  assert.deepEqual(one.embeddings[0].length, two.embeddings[1].length);
  assert.ok([...one.embeddings, ...two.embeddings].every((v) => Math.abs(length(v) - 1) < 1e-3));
  assert.ok(two.prompt_eval_count > one.prompt_eval_count);
});

test('dimensions', async () => {
  const { embeddings } = await ollama().embed({ model: embeddingModel, input: 'one', dimensions: 8 });
  assert.equal(embeddings[0].length, 8);
});

test('the older call', async () => {
  const { embedding } = await ollama().embeddings({ model: embeddingModel, prompt: 'one' });
  assert.ok(embedding.length > 8);
});
