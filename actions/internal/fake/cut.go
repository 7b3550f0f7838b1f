package fake

import (
	"io"
	"net"
)

// CutAfter stands before a server, and ends each connection when the server has
// said so many bytes. It answers with its address, and with what ends it.
func CutAfter(server string, bytes int64) (address string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go cutAfter(client, server, bytes)
		}
	}()
	return l.Addr().String(), func() { l.Close() }, nil
}

func cutAfter(client net.Conn, server string, bytes int64) {
	defer client.Close()
	behind, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer behind.Close()
	go func() { _, _ = io.Copy(behind, client) }()
	_, _ = io.Copy(client, io.LimitReader(behind, bytes))
}
