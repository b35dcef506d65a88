import test from 'node:test';
import assert from 'node:assert/strict';
import { events, greedy, model, plainly, read, text } from './client.mjs';

test('text arrives in pieces, between one start and one finish', async () => {
  const { messages, status } = await read('Generate', { model, prompt: 'Count from 1 to 50.', ...plainly });
  assert.equal(status.code, 0);
  assert.equal(messages[0].event, 'start');
  assert.ok(messages[0].start.prompt_tokens > 0);
  assert.match(messages[0].start.digest, /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(new Set(events(messages).slice(1, -1)), new Set(['text']));
  assert.ok(messages.length > 3, 'more than one piece');
  assert.match(text(messages), /^1, 2, 3, .* 49, 50$/);
  const { finish } = messages.at(-1);
  assert.equal(finish.reason, 'FINISH_REASON_STOP');
  assert.ok(finish.usage.completion_tokens >= messages.length - 2);
});

test('num_predict ends it, and usage says so', async () => {
  const { messages } = await read('Generate', { model, prompt: 'Tell me a story about a fox.', options: { ...greedy, num_predict: 5 } });
  const { finish } = messages.at(-1);
  assert.equal(finish.reason, 'FINISH_REASON_MAX_TOKENS');
  assert.equal(finish.usage.completion_tokens, 5);
});

test('the same seed gives the same text, another one another', async () => {
  const story = async (seed) => text((await read('Generate', { model, prompt: 'Tell me a story about a dragon.', options: { temperature: 1, seed, num_predict: 48 } })).messages);
  const [a, b, c] = [await story(7), await story(7), await story(8)];
  assert.equal(a, b);
  assert.notEqual(a, c);
});

test('a raw prompt is read as it is', async () => {
  const { messages } = await read('Generate', { model, raw: true, prompt: '<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n', options: greedy });
  assert.match(text(messages), /Paris/);
});

test('a model that can think does, unless told not to', async () => {
  const { messages } = await read('Generate', { model, prompt: 'What is the capital of France?', options: greedy });
  assert.deepEqual(new Set(events(messages)), new Set(['start', 'thinking', 'text', 'finish']));
  assert.match(text(messages), /Paris/);
});

test('a grammar holds the output to JSON', async () => {
  const { messages } = await read('Generate', { model, prompt: 'Give me a person as JSON with a name.', format: { json: {} }, ...plainly });
  assert.equal(typeof JSON.parse(text(messages)), 'object');
});

test('log-probabilities come with their text', async () => {
  const { messages } = await read('Generate', { model, prompt: 'Hello!', thinking: { enabled: false }, logprobs: { top: 2 }, options: { ...greedy, num_predict: 4 } });
  const tokens = messages.flatMap((m) => m.logprobs?.tokens ?? []);
  assert.equal(tokens.length, 4);
  for (const token of tokens) {
    assert.ok(token.logprob <= 0 && token.top.length === 2);
    assert.equal(token.top[0].id, token.id, 'greedy takes the likeliest');
  }
});

test('aggregate gives the whole answer at once', async () => {
  const { messages } = await read('Generate', { model, prompt: 'What is the capital of France?', stream_options: { aggregate: true }, ...plainly });
  assert.match(messages.at(-1).finish.answer.content[0].text, /Paris/);
});
