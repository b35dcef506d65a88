// What the package makes of a failure: a ResponseError with our text and our status.
import test from 'node:test';
import assert from 'node:assert/strict';
import { all, embeddingModel, host, model, ollama } from './client.mjs';

const fails = (promise) => promise.then(() => assert.fail('did not fail'), (error) => error);
const cases = [
  ['generate, no such model', (o) => o.generate({ model: 'absent', prompt: 'a' }), 404, "model 'absent' not found"],
  ['generate streamed, no such model', async (o) => all(await o.generate({ model: 'absent', prompt: 'a', stream: true })), 404, "model 'absent' not found"],
  ['chat, no such model', (o) => o.chat({ model: 'absent', messages: [{ role: 'user', content: 'a' }] }), 404, "model 'absent' not found"],
  ['embed, no such model', (o) => o.embed({ model: 'absent', input: 'a' }), 404, 'model "absent" not found, try pulling it first'],
  ['show, no such model', (o) => o.show({ model: 'absent' }), 404, "model 'absent:latest' not found"],
  ['generate, no name', (o) => o.generate({ model: '', prompt: 'a' }), 404, "model '' not found"],
  ['chat, cannot chat', (o) => o.chat({ model: embeddingModel, messages: [{ role: 'user', content: 'a' }] }), 400, `"${embeddingModel}" does not support chat`],
  ['generate, raw and system', (o) => o.generate({ model, prompt: 'a', raw: true, system: 'b' }), 400, 'raw mode does not support template, system, or context'],
  ['generate, wrong type of an option', (o) => o.generate({ model, prompt: 'a', options: { temperature: 'hot' } }), 500, 'option "temperature" must be of type float32'],
];

for (const [name, call, status, message] of cases) {
  test(name, async () => {
    const error = await fails(call(ollama()));
    assert.deepEqual([error.name, error.status_code, error.error], ['ResponseError', status, message]);
  });
}

test('a body that is not JSON', async () => {
  const response = await fetch(`${host}/api/generate`, { method: 'POST', body: '{"model": ' });
  assert.deepEqual([response.status, await response.json()], [400, { error: 'unexpected EOF' }]);
});
