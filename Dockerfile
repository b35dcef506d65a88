# syntax=docker/dockerfile:1
#
# CPU:     docker build -t inference .
# CUDA:    docker build -t inference:cuda --build-arg BACKEND=Cuda12 --build-arg RUNTIME=nvidia/cuda:12.8.1-runtime-ubuntu24.04 .
# Vulkan:  docker build -t inference:vulkan --build-arg BACKEND=Vulkan --build-arg PACKAGES="libvulkan1 mesa-vulkan-drivers" .
# Run:     docker run -p 11434:11434 -v ~/.ollama/models:/models:ro inference
#
# The backend's package (LLamaSharp.Backend.*) must be on the feed that the build uses.

ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=debian:12-slim

FROM ${SDK} AS build
ARG BACKEND=Cpu
# What `--version` shows beside the version; .git is not part of the context.
ARG COMMIT=
ENV NUGET_PACKAGES=/packages
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/packages \
    dotnet publish src/Inference.Server -c Release -r linux-x64 --self-contained \
        -p:PublishReadyToRun=true -p:LlamaBackend=${BACKEND} -p:SourceRevisionId=${COMMIT} -o /app

FROM ${RUNTIME}
ARG PACKAGES=
# libgomp1: llama.cpp's threads. libssl3: digests and TLS. Everything else of .NET is in /app.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libgomp1 libssl3 libstdc++6 ${PACKAGES} \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home inference \
    && install -d -o inference /models
COPY --from=build /app /app
ENV OLLAMA_HOST=0.0.0.0 \
    OLLAMA_MODELS=/models
USER 10001
EXPOSE 11434
# SIGTERM drains; give it as long as INFERENCE_DRAIN (30 s): docker stop -t 35.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=10s CMD ["/app/Inference.Server", "health"]
ENTRYPOINT ["/app/Inference.Server"]
