module inference/client

go 1.19
