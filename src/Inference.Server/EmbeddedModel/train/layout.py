"""Lays the exported model out as a store in Ollama's format: blobs by digest, one manifest.

Usage: python3 layout.py demo.gguf   (writes ../blobs and ../manifests)
"""
import hashlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent
LICENSE = HERE.parents[2] / 'LICENSE'
NAME = ('registry.ollama.ai', 'library', 'toy', 'latest')
PARAMETERS = {'num_ctx': 1024, 'repeat_penalty': 1, 'stop': ['<|im_end|>', '<|endoftext|>'], 'temperature': 0.2, 'top_k': 40, 'top_p': 0.9}
CONFIG = {'model_format': 'gguf', 'model_family': 'llama', 'model_families': ['llama'], 'model_type': '3.84M', 'file_type': 'Q8_0',
          'architecture': 'amd64', 'os': 'linux'}


def text(value):
    return (json.dumps(value, separators=(',', ':'), ensure_ascii=False) + '\n').encode()


def blob(media_type, content):
    digest = hashlib.sha256(content).hexdigest()
    path = HERE / 'blobs' / f'sha256-{digest}'
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return {'mediaType': f'application/vnd.{media_type}', 'digest': f'sha256:{digest}', 'size': len(content)}


manifest = {
    'schemaVersion': 2,
    'mediaType': 'application/vnd.docker.distribution.manifest.v2+json',
    'config': blob('docker.container.image.v1+json', text(CONFIG)),
    'layers': [
        blob('ollama.image.model', pathlib.Path(sys.argv[1]).read_bytes()),
        blob('ollama.image.template', (HERE / 'template.gotmpl').read_bytes()),
        blob('ollama.image.license', LICENSE.read_bytes()),
        blob('ollama.image.params', text(PARAMETERS)),
    ],
}
target = HERE.joinpath('manifests', *NAME)
target.parent.mkdir(parents=True, exist_ok=True)
target.write_bytes(text(manifest))
