package fake

import (
	"io"
	"net"
)

// Relay stands before a server, and hands what the server says to pass, which
// writes to the client what the client is to read. A connection ends when pass
// returns; stop ends the listening. Errors are those of listening.
func Relay(server string, pass func(client io.Writer, behind io.Reader)) (address string, stop func(), err error) {
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
			go relay(client, server, pass)
		}
	}()
	return l.Addr().String(), func() { l.Close() }, nil
}

func relay(client net.Conn, server string, pass func(client io.Writer, behind io.Reader)) {
	defer client.Close()
	behind, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer behind.Close()
	go func() { _, _ = io.Copy(behind, client) }()
	pass(client, behind)
}

// CutAfter stands before a server, and ends each connection when the server has
// said so many bytes.
func CutAfter(server string, bytes int64) (address string, stop func(), err error) {
	return Relay(server, func(client io.Writer, behind io.Reader) {
		_, _ = io.Copy(client, io.LimitReader(behind, bytes))
	})
}
