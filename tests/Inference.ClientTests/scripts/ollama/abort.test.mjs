import test from 'node:test';
import assert from 'node:assert/strict';
import { model, ollama } from './client.mjs';

test('abort ends a stream in its middle, and the server goes on', { timeout: 60_000 }, async () => {
  const client = ollama();
  const stream = await client.generate({ model, prompt: 'Tell me a story about a dragon.', stream: true, options: { temperature: 1, num_predict: 2000 } });
  let parts = 0;
  await assert.rejects(async () => {
    for await (const part of stream) {
      assert.ok(part.response !== undefined);
      if (++parts === 3) client.abort();
    }
  }, { name: 'AbortError' });
  assert.ok(parts >= 3);
  const answer = await ollama().generate({ model, prompt: 'What is the capital of France?', options: { temperature: 0 } });
  assert.match(answer.response, /Paris/);
});
