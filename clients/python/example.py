"""A conversation of one question, with what to do when it fails: python3 example.py [address [model [prompt]]]"""

import asyncio
import sys
import time

from inference_client import InferenceClient, InferenceError, InvalidArgumentError, NotFoundError, messages, retry_stream_when_told


async def main(address: str = "127.0.0.1:11434", model: str = "toy", prompt: str = "Why is the sky blue?") -> int:
    question = messages.ChatRequest(model=model, messages=[{"role": "ROLE_USER", "content": [{"text": prompt}]}])
    deadline = time.monotonic() + 60
    async with InferenceClient(address) as client:
        try:
            async for message in retry_stream_when_told(lambda: client.chat(question, deadline=deadline), deadline=deadline):
                print(message.text, end="", flush=True)
            print()
            return 0
        except NotFoundError as error:
            print(f"{error.resource.name} is not there:", *(f"{link.description} {link.url}" for link in error.details.help_links), file=sys.stderr)
        except InvalidArgumentError as error:
            print(*(f"{v.field} {v.description}" for v in error.field_violations), sep="\n", file=sys.stderr)
        except InferenceError as error:
            print(f"{error.code.name} {error.reason}: {error.message} (request {error.request_id})", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
