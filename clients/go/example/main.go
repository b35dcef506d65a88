// Command example asks one question, and says what to do when it fails: example [address [model [prompt]]]
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"

	"inference/client"
	pb "inference/client/inferencev1"
)

func main() {
	arguments := append(os.Args[1:], []string{"127.0.0.1:11434", "toy", "Why is the sky blue?"}[min(len(os.Args)-1, 3):]...)
	conn, err := grpc.Dial(arguments[0], grpc.WithInsecure())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer conn.Close()

	c := client.New(conn)
	question := &pb.ChatRequest{Model: arguments[1], Messages: []*pb.ChatMessage{{
		Author:  &pb.ChatMessage_Role{Role: pb.Role_ROLE_USER},
		Content: []*pb.ContentPart{{Kind: &pb.ContentPart_Text{Text: arguments[2]}}},
	}}}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client.RetryStream(ctx, func(ctx context.Context) client.Seq2[*pb.ChatResponse] { return c.Chat(ctx, question) })(
		func(message *pb.ChatResponse, failure error) bool {
			err = failure
			fmt.Print(message.GetText())
			return failure == nil
		})
	fmt.Println()
	if err != nil {
		explain(err)
		os.Exit(1)
	}
}

func explain(err error) {
	var absent *client.NotFoundError
	var invalid *client.InvalidArgumentError
	var failure *client.CallError
	switch {
	case errors.As(err, &absent):
		fmt.Fprintln(os.Stderr, absent.Resource.GetResourceName(), "is not there:", absent.HelpLinks)
	case errors.As(err, &invalid):
		for _, v := range invalid.FieldViolations {
			fmt.Fprintln(os.Stderr, v.Field, v.Description)
		}
	case errors.As(err, &failure):
		fmt.Fprintln(os.Stderr, err, "request", failure.RequestID)
	default:
		fmt.Fprintln(os.Stderr, err)
	}
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}
