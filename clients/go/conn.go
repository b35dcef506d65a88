package client

import (
	"context"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// TypedErrors makes every stub on this connection return the families.
func TypedErrors(conn grpc.ClientConnInterface) grpc.ClientConnInterface { return typedConn{conn} }

type typedConn struct{ conn grpc.ClientConnInterface }

func (c typedConn) Invoke(ctx context.Context, method string, args, reply interface{}, opts ...grpc.CallOption) error {
	var header, trailer metadata.MD
	opts = append(opts[:len(opts):len(opts)], grpc.Header(&header), grpc.Trailer(&trailer))
	return typed(c.conn.Invoke(ctx, method, args, reply, opts...), header, trailer)
}

func (c typedConn) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := c.conn.NewStream(ctx, desc, method, opts...)
	if err != nil {
		return nil, typed(err, nil, nil)
	}
	return typedStream{stream}, nil
}

type typedStream struct{ grpc.ClientStream }

func (s typedStream) RecvMsg(m interface{}) error {
	err := s.ClientStream.RecvMsg(m)
	if err == nil || err == io.EOF {
		return err
	}
	// The call is over: its headers have come, or never will.
	header, _ := s.ClientStream.Header()
	return typed(err, header, s.ClientStream.Trailer())
}
