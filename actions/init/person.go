package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// person is somebody at a terminal; nil where there is nobody.
type person struct {
	lines <-chan string // closed where nothing more will be said
	out   io.Writer
}

// sitting is the person at a terminal, if both ends are one.
func sitting(in, out *os.File) *person {
	if !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return nil
	}
	return newPerson(in, out)
}

// newPerson reads lines beside the program, so that an interrupt ends a wait
// for one.
func newPerson(in io.Reader, out io.Writer) *person {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			lines <- strings.TrimSpace(s.Text())
		}
	}()
	return &person{lines, out}
}

// ask answers with a line, without the space around it. It is an error that
// the person left.
func (p *person) ask(ctx context.Context, words string) (string, error) {
	fmt.Fprint(p.out, words)
	select {
	case <-ctx.Done():
		return "", errors.New("interrupted: nothing was written")
	case line, more := <-p.lines:
		if !more {
			return "", errors.New("the answers ended before the questions did: nothing was written")
		}
		return line, nil
	}
}

func (p *person) say(words string) { fmt.Fprintln(p.out, words) }
