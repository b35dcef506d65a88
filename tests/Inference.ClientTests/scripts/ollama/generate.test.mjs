import test from 'node:test';
import assert from 'node:assert/strict';
import { all, greedy, model, ollama } from './client.mjs';

test('in one piece, with its counts', async () => {
  const answer = await ollama().generate({ model, prompt: 'What is the capital of France?', options: greedy });
  assert.match(answer.response, /Paris/);
  assert.deepEqual([answer.model, answer.done, answer.done_reason], [model, true, 'stop']);
  for (const field of ['total_duration', 'load_duration', 'prompt_eval_count', 'prompt_eval_duration', 'eval_count', 'eval_duration']) {
    assert.ok(Number.isSafeInteger(answer[field]) && answer[field] > 0, field);
  }
  assert.ok(answer.context.length > 0);
  assert.ok(!Number.isNaN(Date.parse(answer.created_at)));
});

test('streamed, with the same text', async () => {
  const count = { model, prompt: 'Count from 1 to 50.', think: false, options: greedy };
  const parts = await all(await ollama().generate({ ...count, stream: true }));
  assert.ok(parts.length > 2);
  const whole = await ollama().generate(count);
  assert.match(whole.response, /^1, 2, 3, .* 49, 50$/);
  assert.equal(parts.map((p) => p.response).join(''), whole.response);
  assert.deepEqual(parts.map((p) => p.done), parts.map((_, i) => i === parts.length - 1));
});

test('the context of an answer goes on', async () => {
  const first = await ollama().generate({ model, prompt: 'My name is Anna.', options: greedy });
  const second = await ollama().generate({ model, prompt: 'What is my name?', context: first.context, options: greedy });
  assert.match(second.response, /Anna/);
});

test('num_predict cuts, and says so', async () => {
  const answer = await ollama().generate({ model, prompt: 'Tell me a story about a fox.', options: { ...greedy, num_predict: 5 } });
  assert.deepEqual([answer.done_reason, answer.eval_count], ['length', 5]);
});

test('JSON, if asked for', async () => {
  const answer = await ollama().generate({ model, prompt: 'Give me a person as JSON with a name.', format: 'json', think: false, options: greedy });
  assert.equal(typeof JSON.parse(answer.response), 'object');
});

test('a schema holds', async (t) => {
  const format = { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } }, required: ['name', 'age'] };
  const asked = ollama().generate({ model, prompt: 'Give me a person as JSON with a name and an age.', format, think: false, options: greedy });
  const answer = await asked.catch((error) => error);
  if (answer.status_code === 501) {
    t.skip(answer.error);
    return;
  }
  const person = JSON.parse(answer.response);
  assert.equal(typeof person.name, 'string');
  assert.ok(Number.isInteger(person.age));
});
