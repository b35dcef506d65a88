import test from 'node:test';
import assert from 'node:assert/strict';
import { all, greedy, model, ollama } from './client.mjs';

const sky = [{ role: 'user', content: 'Why is the sky blue?' }];

test('in one piece', async () => {
  const answer = await ollama().chat({ model, messages: sky, options: greedy });
  assert.equal(answer.message.role, 'assistant');
  assert.match(answer.message.content, /scatter/i);
  assert.deepEqual([answer.done, answer.done_reason], [true, 'stop']);
});

test('streamed, with the same text', async () => {
  const parts = await all(await ollama().chat({ model, messages: sky, stream: true, options: greedy }));
  const whole = await ollama().chat({ model, messages: sky, options: greedy });
  assert.ok(parts.length > 2);
  assert.equal(parts.map((p) => p.message.content).join(''), whole.message.content);
  assert.ok(parts.at(-1).eval_count > 0);
});

test('thinking comes apart', async () => {
  const answer = await ollama().chat({ model, messages: sky, think: true, options: greedy });
  assert.ok(answer.message.thinking.length > 0);
  assert.doesNotMatch(answer.message.content, /think>/);
});

const tools = [{ type: 'function', function: { name: 'get_weather', description: 'Get the weather', parameters: { type: 'object', properties: { city: { type: 'string', description: 'The city' } }, required: ['city'] } } }];

test('a tool is called, and its result read', async () => {
  const messages = [{ role: 'user', content: 'What is the weather in Paris?' }];
  const call = await ollama().chat({ model, messages, tools, options: greedy });
  assert.deepEqual(call.message.tool_calls.map((c) => [c.function.name, c.function.arguments]), [['get_weather', { city: 'Paris' }]]);
  messages.push(call.message, { role: 'tool', tool_name: 'get_weather', content: '18 degrees and sunny' });
  const answer = await ollama().chat({ model, messages, tools, options: greedy });
  assert.match(answer.message.content, /18/);
});

test('a tool call streams', async () => {
  const parts = await all(await ollama().chat({ model, messages: [{ role: 'user', content: 'What is the weather in Paris?' }], tools, stream: true, options: greedy }));
  assert.equal(parts.flatMap((p) => p.message.tool_calls ?? []).length, 1);
});
