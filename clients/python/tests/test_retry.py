"""When it calls again, and when not. INFERENCE_FAILING_ADDRESS is a service that fails as its headers say."""

import asyncio
import os
import time
import unittest
import uuid
from datetime import timedelta

from inference_client import InferenceClient, InferenceError, ResourceExhaustedError, messages, retry_stream_when_told, retry_when_told

ADDRESS = os.environ.get("INFERENCE_FAILING_ADDRESS")


@unittest.skipUnless(ADDRESS, "there is no failing service")
class RetryTests(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = InferenceClient(ADDRESS)

    async def asyncTearDown(self):
        await self.client.close()

    def detokenize(self, model, times, **says):
        headers = self.headers(times, **says)

        async def call():
            return (await self.client.inference.unary("Detokenize", messages.DetokenizeRequest(model=model), headers=headers)).text

        return call

    def generate(self, model, times, **says):
        headers = self.headers(times, **says)
        return lambda: self.client.generate(messages.GenerateRequest(model=model), headers=headers)

    @staticmethod
    def headers(times, **says):
        return {"x-request-id": str(uuid.uuid4()), "fail-times": str(times), **{name.replace("_", "-"): value for name, value in says.items()}}

    async def test_told_to_wait_it_calls_again(self):
        for model, says in (
            ("SERVER_BUSY", {"retry_ms": "20"}),
            ("INTERNAL", {"retry_ms": "20", "pushback": ""}),
            ("INTERNAL", {"retry_ms": "", "pushback": "20"}),
            ("MODEL_LOADING", {"retry_ms": "0", "pushback": "0"}),
        ):
            with self.subTest(model=model, **says):
                self.assertEqual("3", await retry_when_told(self.detokenize(model, 2, **says)))

    async def test_not_told_it_fails_at_once(self):
        for model, says in (
            ("MODEL_NOT_FOUND", {}),
            ("SERVER_BUSY", {"retry_ms": "", "pushback": ""}),
            ("SERVER_DRAINING", {"retry_ms": "", "pushback": ""}),
            ("SERVER_BUSY", {"retry_ms": "20", "pushback": "-1"}),
            ("SERVER_BUSY", {"retry_ms": "20", "pushback": "soon"}),
        ):
            with self.subTest(model=model, **says):
                call = self.detokenize(model, 1, **says)
                with self.assertRaises(InferenceError):
                    await retry_when_told(call)
                self.assertEqual("2", await call())

    async def test_it_gives_up_after_the_attempts(self):
        with self.assertRaises(ResourceExhaustedError) as caught:
            await retry_when_told(self.detokenize("SERVER_BUSY", 3, retry_ms="1"), attempts=3)
        self.assertEqual(timedelta(milliseconds=1), caught.exception.retry_delay)

    async def test_it_waits_as_long_as_told(self):
        waits = []

        async def wait(seconds):
            waits.append(seconds)

        self.assertEqual("3", await retry_when_told(self.detokenize("SERVER_BUSY", 2, retry_ms="1500"), wait=wait))
        self.assertEqual([1.5, 1.5], waits)

    async def test_no_wait_is_begun_that_would_outlast_the_deadline(self):
        async def wait(_):
            self.fail("waited")

        with self.assertRaises(ResourceExhaustedError):
            await retry_when_told(self.detokenize("SERVER_BUSY", 1, retry_ms="60000"), deadline=time.monotonic() + 30, wait=wait)

    async def test_a_cancelled_wait_ends(self):
        waiting = asyncio.Event()

        async def wait(seconds):
            waiting.set()
            await asyncio.sleep(seconds)

        task = asyncio.create_task(retry_when_told(self.detokenize("SERVER_BUSY", 1, retry_ms="600000"), wait=wait))
        await waiting.wait()
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task

    async def test_a_stream_that_has_not_begun_is_called_again(self):
        texts = [m.text async for m in retry_stream_when_told(self.generate("SERVER_BUSY", 2, retry_ms="10"))]
        self.assertEqual(["3"], texts)

    async def test_a_stream_that_has_begun_is_not(self):
        texts = []
        with self.assertRaises(ResourceExhaustedError):
            async for message in retry_stream_when_told(self.generate("SERVER_BUSY", 1, retry_ms="10", messages_first="2")):
                texts.append(message.text)
        self.assertEqual(["1", "1"], texts)


if __name__ == "__main__":
    unittest.main()
