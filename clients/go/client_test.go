package client

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "inference/client/inferencev1"
)

// Against the real server: INFERENCE_ADDRESS. Against a service that fails as its headers say: INFERENCE_FAILING_ADDRESS.
func dial(t *testing.T, variable string) *Client {
	t.Helper()
	address := os.Getenv(variable)
	if address == "" {
		t.Skip(variable + " is not set")
	}
	conn, err := grpc.Dial(address, grpc.WithInsecure())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return New(conn)
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestChatStreamsAnAnswer(t *testing.T) {
	c := dial(t, "INFERENCE_ADDRESS")
	var text strings.Builder
	c.Chat(soon(t), &pb.ChatRequest{
		Model:    "toy",
		Messages: []*pb.ChatMessage{{Author: &pb.ChatMessage_Role{Role: pb.Role_ROLE_USER}, Content: []*pb.ContentPart{{Kind: &pb.ContentPart_Text{Text: "Why is the sky blue?"}}}}},
	})(func(m *pb.ChatResponse, err error) bool {
		if err != nil {
			t.Error(err)
		}
		text.WriteString(m.GetText())
		return true
	})
	if text.Len() == 0 {
		t.Error("no text")
	}
}

func TestAnAbsentModelSaysAllThatThereIsToSay(t *testing.T) {
	c := dial(t, "INFERENCE_ADDRESS")
	_, err := c.Models.GetModel(metadata.AppendToOutgoingContext(soon(t), "x-request-id", "from-go"), &pb.GetModelRequest{Model: "absent"})
	var absent *NotFoundError
	if !errors.As(err, &absent) {
		t.Fatal(err)
	}
	if absent.Reason != "MODEL_NOT_FOUND" || absent.Metadata["model"] != "absent" || absent.Resource.GetResourceName() != "absent" || absent.RequestID != "from-go" || len(absent.HelpLinks) == 0 {
		t.Errorf("%+v", absent.CallError)
	}
	if status.Code(err) != codes.NotFound {
		t.Error("not a status any more")
	}
}

func TestADeadlineIsItsOwnFamily(t *testing.T) {
	c := dial(t, "INFERENCE_ADDRESS")
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	var late *DeadlineExceededError
	if _, err := c.Models.ListModels(ctx, &pb.ListModelsRequest{}); !errors.As(err, &late) {
		t.Error(err)
	}
}

func failing(t *testing.T, times int, says ...string) context.Context {
	return metadata.AppendToOutgoingContext(soon(t), append([]string{"x-request-id", fmt.Sprint(t.Name(), time.Now().UnixNano()), "fail-times", fmt.Sprint(times)}, says...)...)
}

func TestRetryOnlyWhenTold(t *testing.T) {
	c := dial(t, "INFERENCE_FAILING_ADDRESS")
	for _, told := range []struct {
		reason string
		says   []string
		again  bool
	}{
		{"SERVER_BUSY", []string{"retry-ms", "20"}, true},
		{"INTERNAL", []string{"retry-ms", "20", "pushback", ""}, true},
		{"INTERNAL", []string{"retry-ms", "", "pushback", "20"}, true},
		{"MODEL_NOT_FOUND", nil, false},
		{"SERVER_DRAINING", []string{"retry-ms", "", "pushback", ""}, false},
		{"SERVER_BUSY", []string{"retry-ms", "20", "pushback", "-1"}, false},
		{"SERVER_BUSY", []string{"retry-ms", "60000"}, false}, // beyond the deadline
	} {
		answer, err := Retry(failing(t, 1, told.says...), func(ctx context.Context) (*pb.DetokenizeResponse, error) {
			return c.Inference.Detokenize(ctx, &pb.DetokenizeRequest{Model: told.reason})
		})
		if told.again != (err == nil) || told.again && answer.Text != "2" {
			t.Error(told, answer, err)
		}
	}
}

func TestRetryStreamUntilItHasBegun(t *testing.T) {
	c := dial(t, "INFERENCE_FAILING_ADDRESS")
	for _, begun := range []bool{false, true} {
		ctx := failing(t, 1, "retry-ms", "10")
		if begun {
			ctx = metadata.AppendToOutgoingContext(ctx, "messages-first", "2")
		}
		var texts []string
		var failure error
		RetryStream(ctx, func(ctx context.Context) Seq2[*pb.GenerateResponse] { return c.Generate(ctx, &pb.GenerateRequest{Model: "SERVER_BUSY"}) })(
			func(m *pb.GenerateResponse, err error) bool {
				if failure = err; err == nil {
					texts = append(texts, m.GetText())
				}
				return true
			})
		var busy *ResourceExhaustedError
		if got := strings.Join(texts, " "); begun && (got != "1 1" || !errors.As(failure, &busy)) || !begun && (got != "2" || failure != nil) {
			t.Error(begun, got, failure)
		}
	}
}
