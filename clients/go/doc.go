// Package client is the generated gRPC stubs of the Inference server, with errors that are types.
//
// A failed call returns one of the families below, by gRPC code: NotFoundError, InvalidArgumentError and so on. Find the one that you can
// do something about with errors.As; *CallError is what all of them have in common.
package client

//go:generate ./generate.sh
