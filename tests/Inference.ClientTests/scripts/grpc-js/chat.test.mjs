import test from 'node:test';
import assert from 'node:assert/strict';
import { greedy, model, plainly, read, text, user } from './client.mjs';

test('an answer streams', async () => {
  const { messages, status } = await read('Chat', { model, messages: [user('Why is the sky blue?')], ...plainly });
  assert.equal(status.code, 0);
  assert.deepEqual([messages[0].event, messages.at(-1).event], ['start', 'finish']);
  assert.match(text(messages), /scatter/i);
});

test('the conversation is remembered', async () => {
  const { messages } = await read('Chat', {
    model, ...plainly,
    messages: [user('My name is Anna.'), { role: 'ROLE_ASSISTANT', content: [{ text: 'Nice to meet you, Anna!' }] }, user('What is my name?')],
  });
  assert.match(text(messages), /Anna/);
});

test('thinking comes apart from the answer', async () => {
  const { messages } = await read('Chat', { model, messages: [user('Why is the sky blue?')], thinking: { enabled: true }, options: greedy });
  const kinds = messages.map((m) => m.event);
  assert.ok(kinds.includes('thinking'));
  assert.ok(kinds.indexOf('thinking') < kinds.indexOf('text'));
  assert.doesNotMatch(text(messages), /<\/?think>/);
  assert.ok(messages.at(-1).finish.usage.thinking_tokens > 0);
});

test('a tool call is complete and its arguments are JSON', async () => {
  const { messages } = await read('Chat', {
    model, messages: [user('What is the weather in Paris?')], ...plainly,
    tools: [{ function: { name: 'get_weather', description: 'Get the weather', parameters_json_schema: '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}' } }],
  });
  const calls = messages.filter((m) => m.event === 'tool_call').map((m) => m.tool_call);
  assert.equal(calls.length, 1);
  assert.equal(calls[0].name, 'get_weather');
  assert.deepEqual(JSON.parse(calls[0].arguments_json), { city: 'Paris' });
  assert.notEqual(calls[0].id, '');
  assert.equal(messages.at(-1).finish.reason, 'FINISH_REASON_TOOL_CALLS');
});

test('the request id comes back', async () => {
  const { grpc } = await import('./client.mjs');
  const metadata = new grpc.Metadata();
  metadata.set('x-request-id', 'from-grpc-js');
  const { messages } = await read('Chat', { model, messages: [user('Hello!')], options: greedy }, { metadata });
  assert.equal(messages[0].start.request_id, 'from-grpc-js');
});
