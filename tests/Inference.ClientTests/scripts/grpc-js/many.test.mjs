import test from 'node:test';
import assert from 'node:assert/strict';
import { model, plainly, read, text } from './client.mjs';

test('64 streams at once on one connection, each with its own answer', async () => {
  const capitals = [['France', /Paris/], ['Italy', /Rome/], ['Japan', /Tokyo/], ['Spain', /Madrid/]];
  const calls = await Promise.all([...Array(64).keys()].map(async (i) => {
    const [country, capital] = capitals[i % capitals.length];
    const { messages, status } = await read('Generate', { model, prompt: `What is the capital of ${country}?`, ...plainly });
    return { code: status.code, right: capital.test(text(messages)), finish: messages.at(-1)?.event };
  }));
  assert.deepEqual(calls.filter((c) => c.code !== 0 || !c.right || c.finish !== 'finish'), []);
});
