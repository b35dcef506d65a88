#!/bin/sh
# Generates inferencev1/ from protos/ with protoc, protoc-gen-go and protoc-gen-go-grpc. The google/ imports are where the build of
# src/Inference.Contracts puts them; those of google/protobuf come with protoc.
set -eu
cd "$(dirname "$0")"
root=../..
package=inference/client/inferencev1
[ -d $root/artifacts/googleapis ] || { echo 'first: dotnet build src/Inference.Contracts' >&2; exit 1; }

options=module=inference/client
for file in "$root"/protos/inference/v1/*.proto; do
  options="$options,Minference/v1/$(basename "$file")=$package"
done
"${PROTOC:-protoc}" -I $root/protos -I $root/artifacts/googleapis --go_out="$options:." --go-grpc_out="$options:." "$root"/protos/inference/v1/*.proto
