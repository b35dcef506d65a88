// Cancelling and deadlines, in the middle of a long answer.
import test from 'node:test';
import assert from 'node:assert/strict';
import { grpc, inference, model, read, server, text, unary } from './client.mjs';

// Never ends by itself for a good while: it may not say that it is done.
const { tokens } = await unary(inference, 'Tokenize', { model, text: '<|im_end|><|endoftext|>', parse_special: true });
const long = {
  model, prompt: 'Tell me a story about a dragon.', shift: true,
  options: { temperature: 1, num_predict: -1, stop: { sequences: [] }, logit_bias: Object.fromEntries(tokens.map((t) => [t, -100])) },
};

const load = async () => (await unary(server, 'GetServerInfo', {})).load;
async function idle() {
  while ((await load()).active_requests > 0);
}

test('cancelling ends the call and frees its slot', { timeout: 60_000 }, async () => {
  const { error, messages } = await read('Generate', long, { on: (call, seen) => seen.length === 3 && call.cancel() });
  assert.equal(error.code, grpc.status.CANCELLED);
  assert.ok(messages.length >= 3);
  await idle();
});

test('a deadline ends the call, and frees its slot', { timeout: 60_000 }, async () => {
  const { error } = await read('Generate', long, { deadline: Date.now() + 1500 });
  assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  await idle();
});

test('a deadline that has passed is not tried', async () => {
  const { error, messages } = await read('Generate', long, { deadline: Date.now() - 1 });
  assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  assert.equal(messages.length, 0);
});

test('after all that the server answers', async () => {
  const { messages, status } = await read('Generate', { model, prompt: 'What is the capital of France?', options: { temperature: 0 } });
  assert.equal(status.code, 0);
  assert.match(text(messages), /Paris/);
});
