// Command provoke makes the calls that come in, one JSON object a line, and prints how each ended: to be compared over all languages.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"inference/client"
	_ "inference/client/inferencev1"
)

type asked struct {
	Name      string            `json:"name"`
	Address   string            `json:"address"`
	Method    string            `json:"method"`
	Request   json.RawMessage   `json:"request"`
	Headers   map[string]string `json:"headers"`
	TimeoutMs int               `json:"timeout_ms"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		var a asked
		check(json.Unmarshal(lines.Bytes(), &a))
		conn, err := grpc.Dial(a.Address, grpc.WithInsecure())
		check(err)
		count, failure := call(client.TypedErrors(conn), a)
		check(out.Encode(map[string]interface{}{"name": a.Name, "messages": count, "failure": decoded(failure)}))
		conn.Close()
	}
	check(lines.Err())
}

// On the wire a call with one answer is a stream of one.
func call(conn grpc.ClientConnInterface, a asked) (int, error) {
	ctx, cancel := context.WithTimeout(metadata.NewOutgoingContext(context.Background(), metadata.New(a.Headers)), time.Duration(a.TimeoutMs)*time.Millisecond)
	defer cancel()
	request, answer := types(a)
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/inference.v1."+a.Method, grpc.MaxCallSendMsgSize(1<<30))
	if err != nil {
		return 0, err
	}
	if err := stream.SendMsg(request); err != nil && err != io.EOF {
		return 0, err
	}
	check(stream.CloseSend())
	for count := 0; ; count++ {
		if err := stream.RecvMsg(answer); err == io.EOF {
			return count, nil
		} else if err != nil {
			return count, err
		}
	}
}

func types(a asked) (proto.Message, proto.Message) {
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("inference.v1." + strings.ReplaceAll(a.Method, "/", ".")))
	if err != nil {
		return &errdetails.Help{}, &errdetails.Help{} // a method that the contract lacks
	}
	method := found.(protoreflect.MethodDescriptor)
	request, answer := instance(method.Input()), instance(method.Output())
	check(protojson.Unmarshal(a.Request, request))
	return request, answer
}

func instance(d protoreflect.MessageDescriptor) proto.Message {
	t, err := protoregistry.GlobalTypes.FindMessageByName(d.FullName())
	check(err)
	return t.New().Interface()
}

func decoded(err error) interface{} {
	var e *client.CallError
	if err == nil {
		return nil
	}
	if !errors.As(err, &e) {
		check(err)
	}
	fields, preconditions, quotas, links := [][]string{}, [][]string{}, [][]string{}, [][]string{}
	for _, v := range e.FieldViolations {
		fields = append(fields, []string{v.Field, v.Description, v.Reason})
	}
	for _, v := range e.PreconditionViolations {
		preconditions = append(preconditions, []string{v.Type, v.Subject, v.Description})
	}
	for _, v := range e.QuotaViolations {
		quotas = append(quotas, []string{v.Subject, v.Description})
	}
	for _, l := range e.HelpLinks {
		links = append(links, []string{l.Description, l.Url})
	}
	known := e.Metadata
	if known == nil {
		known = map[string]string{}
	}
	var resource, delay, id interface{}
	if r := e.Resource; r != nil {
		resource = []string{r.ResourceType, r.ResourceName, r.Description}
	}
	if e.RetryDelay != nil {
		delay = float64(*e.RetryDelay) / float64(time.Millisecond)
	}
	if e.RequestID != "" {
		id = e.RequestID
	}
	return map[string]interface{}{
		"family": strings.TrimSuffix(reflect.TypeOf(err).Elem().Name(), "Error"), "code": int(e.Code), "message": e.Message, "reason": e.Reason, "domain": e.Domain,
		"metadata": known, "field_violations": fields, "precondition_violations": preconditions, "quota_violations": quotas, "resource": resource,
		"help_links": links, "retry_delay_ms": delay, "request_id": id,
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
