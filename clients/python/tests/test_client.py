"""Against the real server: INFERENCE_ADDRESS, with a model that talks and one that embeds."""

import asyncio
import os
import time
import unittest

from inference_client import DeadlineExceededError, InferenceClient, InferenceError, NotFoundError, UnavailableError, messages

ADDRESS = os.environ.get("INFERENCE_ADDRESS", "127.0.0.1:11434")
MODEL = os.environ.get("INFERENCE_MODEL", "toy")
EMBEDDING_MODEL = os.environ.get("INFERENCE_EMBEDDING_MODEL", "toy-embed")


def question():
    return messages.ChatRequest(
        model=MODEL, messages=[{"role": "ROLE_USER", "content": [{"text": "Why is the sky blue?"}]}], options={"temperature": 0}, thinking={"enabled": False})


class ClientTests(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.client = InferenceClient(ADDRESS)

    async def asyncTearDown(self):
        await self.client.close()

    async def endless(self):
        """It may not say that it is done."""
        ends = await self.client.inference.unary("Tokenize", messages.TokenizeRequest(model=MODEL, text="<|im_end|><|endoftext|>", parse_special=True))
        return messages.GenerateRequest(
            model=MODEL, prompt="Tell me a story about a dragon.", shift=True,
            options={"temperature": 1, "num_predict": -1, "stop": {}, "logit_bias": {token: -100 for token in ends.tokens}})

    async def idle(self):
        while (await self.client.server.unary("GetServerInfo", messages.GetServerInfoRequest())).load.active_requests > 0:
            pass

    async def test_chat_streams_an_answer(self):
        answer = [message async for message in self.client.chat(question())]
        self.assertEqual(("start", "finish"), (answer[0].WhichOneof("event"), answer[-1].WhichOneof("event")))
        self.assertRegex("".join(message.text for message in answer), "(?i)scatter")

    async def test_embed_gives_a_vector_for_each_input(self):
        answer = [m async for m in self.client.embed(messages.EmbedRequest(model=EMBEDDING_MODEL, inputs=["one", "two"]))]
        self.assertEqual([0, 1], [m.embedding.index for m in answer if m.HasField("embedding")])

    async def test_closing_a_stream_ends_it_on_the_server(self):
        stream = self.client.generate(await self.endless())
        async for message in stream:
            if message.text:
                break
        await stream.aclose()
        await self.idle()

    async def test_cancelling_the_task_is_as_everywhere_and_ends_the_call(self):
        begun = asyncio.Event()
        request = await self.endless()

        async def read():
            async for _ in self.client.generate(request):
                begun.set()

        task = asyncio.create_task(read())
        await begun.wait()
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        await self.idle()

    async def test_a_deadline_is_its_own_family(self):
        with self.assertRaises(DeadlineExceededError):
            async for _ in self.client.generate(await self.endless(), deadline=time.monotonic() + 0.5):
                pass

    async def test_an_absent_model_says_all_that_there_is_to_say(self):
        with self.assertRaises(NotFoundError) as caught:
            await self.client.models.unary("GetModel", messages.GetModelRequest(model="absent"), headers={"x-request-id": "from-python"})
        error = caught.exception
        self.assertIsInstance(error, InferenceError)
        self.assertEqual(("MODEL_NOT_FOUND", "absent", "absent", "from-python"), (error.reason, error.metadata["model"], error.resource.name, error.request_id))
        self.assertEqual(messages.ErrorReason.Value("ERROR_REASON_" + error.reason), 22)
        self.assertTrue(error.details.help_links[0].url.startswith("https://"))

    async def test_no_server_is_unavailable_and_not_to_be_retried(self):
        async with InferenceClient("127.0.0.1:1") as nobody:
            with self.assertRaises(UnavailableError) as caught:
                async for _ in nobody.chat(question()):
                    pass
        self.assertEqual(("", None), (caught.exception.reason, caught.exception.retry_delay))


if __name__ == "__main__":
    unittest.main()
