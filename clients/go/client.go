package client

import (
	"context"
	"io"

	"google.golang.org/grpc"

	pb "inference/client/inferencev1"
)

// Client is the services of one server. Whatever fails, fails as one of the families.
type Client struct {
	// Inference runs models.
	Inference pb.InferenceServiceClient
	// Models is the store.
	Models pb.ModelServiceClient
	// Server describes the server.
	Server pb.ServerServiceClient
}

// New makes a client on a connection, which stays the caller's to close.
func New(conn grpc.ClientConnInterface) *Client {
	conn = TypedErrors(conn)
	return &Client{pb.NewInferenceServiceClient(conn), pb.NewModelServiceClient(conn), pb.NewServerServiceClient(conn)}
}

// Seq2 is the messages of a stream, and the failure that ended it, if one did. From Go 1.23 on it can be ranged over:
//
//	for message, err := range client.Chat(ctx, question) { … }
type Seq2[T any] func(yield func(T, error) bool)

// Generate continues a prompt. To stop reading ends the call.
func (c *Client) Generate(ctx context.Context, request *pb.GenerateRequest, opts ...grpc.CallOption) Seq2[*pb.GenerateResponse] {
	return messages[*pb.GenerateResponse](ctx, func(ctx context.Context) (receiver[*pb.GenerateResponse], error) {
		return c.Inference.Generate(ctx, request, opts...)
	})
}

// Chat answers a conversation. To stop reading ends the call.
func (c *Client) Chat(ctx context.Context, request *pb.ChatRequest, opts ...grpc.CallOption) Seq2[*pb.ChatResponse] {
	return messages[*pb.ChatResponse](ctx, func(ctx context.Context) (receiver[*pb.ChatResponse], error) {
		return c.Inference.Chat(ctx, request, opts...)
	})
}

// Embed turns texts into vectors. To stop reading ends the call.
func (c *Client) Embed(ctx context.Context, request *pb.EmbedRequest, opts ...grpc.CallOption) Seq2[*pb.EmbedResponse] {
	return messages[*pb.EmbedResponse](ctx, func(ctx context.Context) (receiver[*pb.EmbedResponse], error) {
		return c.Inference.Embed(ctx, request, opts...)
	})
}

type receiver[T any] interface{ Recv() (T, error) }

func messages[T any](ctx context.Context, start func(context.Context) (receiver[T], error)) Seq2[T] {
	return func(yield func(T, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var message T
		stream, err := start(ctx)
		for err == nil {
			if message, err = stream.Recv(); err == nil && !yield(message, nil) {
				return
			}
		}
		if err != io.EOF {
			var none T
			yield(none, err)
		}
	}
}
