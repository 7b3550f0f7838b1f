package sandbox

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/store"
)

// mark is the argument by which a program knows that it is a child.
const mark = "aftercare-own-query"

// request is one query over one window.
type request struct {
	Query  string
	Window model.Window
}

// reply is the answer, or what is wrong.
type reply struct {
	Table model.Table
	Wrong string
	Slow  bool
}

func init() { gob.Register(time.Time{}) }

// Main is the child: main calls it before anything else, with the arguments of
// the process. It reports whether the process is one, with its exit code.
func Main(args []string, in io.Reader, out io.Writer) (code int, isChild bool) {
	if len(args) != 5 {
		return 0, false
	}
	var err error
	switch args[1] {
	case mark:
		err = serve(context.Background(), args[2], args[3], args[4], in, out)
	case tableMark:
		err = serveTable(context.Background(), args[2], args[3], args[4], out)
	default:
		return 0, false
	}
	if err != nil {
		return 1, true
	}
	return 0, true
}

// serve answers requests until there are no more.
func serve(ctx context.Context, path, memory, limit string, in io.Reader, out io.Writer) error {
	mebibytes, err := strconv.Atoi(memory)
	if err != nil {
		return err
	}
	allowed, err := time.ParseDuration(limit)
	if err != nil {
		return err
	}
	if err := restrict(mebibytes); err != nil {
		return err
	}
	facts, err := store.OpenCopy(ctx, path, memory+"MiB")
	requests, replies := gob.NewDecoder(in), gob.NewEncoder(out)
	if err != nil {
		return replies.Encode(reply{Wrong: "open the copy of the tables: " + err.Error()})
	}
	facts.Limit = allowed
	for {
		var r request
		if err := requests.Decode(&r); err != nil {
			return nil // the parent is done
		}
		if err := replies.Encode(answer(ctx, facts, r)); err != nil {
			return err
		}
	}
}

func answer(ctx context.Context, facts *store.Store, r request) reply {
	table, err := facts.Query(ctx, r.Query, r.Window)
	if err != nil {
		return reply{Wrong: err.Error(), Slow: errors.As(err, new(store.SlowError))}
	}
	return reply{Table: table}
}

// child is the process of one query.
type child struct {
	query   string
	cmd     *exec.Cmd
	to      io.WriteCloser
	asks    *gob.Encoder
	replies *gob.Decoder
	ended   bool
}

// newChild starts a child. It gets no environment, so that it knows no secret.
func newChild(program, path, query string, limits Limits) (*child, error) {
	cmd := exec.Command(program, mark, path, strconv.Itoa(limits.Memory), limits.Query.String())
	cmd.Env = []string{}
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		return nil, fmt.Errorf("start a process for the query: %w", err)
	}
	return &child{query: query, cmd: cmd, to: in, asks: gob.NewEncoder(in), replies: gob.NewDecoder(out)}, nil
}

// stoppedError is that a query was stopped, and would be again.
type stoppedError struct{ why string }

func (e *stoppedError) Error() string { return e.why }

// grace is how long a child may take over the limit of a query, to start and to
// answer that it has stopped it.
const grace = 3 * time.Second

// ask asks one query, and kills the child that does not answer in time.
func (c *child) ask(ctx context.Context, query string, w model.Window, limits Limits) (model.Table, error) {
	ctx, cancel := context.WithTimeout(ctx, limits.Query+grace)
	defer cancel()
	var got reply
	done := make(chan error, 1)
	go func() {
		err := c.asks.Encode(request{query, w})
		if err == nil {
			err = c.replies.Decode(&got)
		}
		done <- err
	}()
	select {
	case <-ctx.Done():
		c.kill()
		<-done // the pipes are closed
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return model.Table{}, &stoppedError{store.SlowError{Limit: limits.Query}.Error()}
		}
		return model.Table{}, ctx.Err()
	case err := <-done:
		if err != nil {
			state := c.kill()
			return model.Table{}, &stoppedError{fmt.Sprintf("the process of the query ended (%s): it may need more than %d MiB of memory", state, limits.Memory)}
		}
	}
	switch {
	case got.Slow:
		return model.Table{}, &stoppedError{got.Wrong}
	case got.Wrong != "":
		return model.Table{}, errors.New(got.Wrong)
	}
	return got.Table, nil
}

// kill ends the child, and tells how it ended.
func (c *child) kill() string {
	if c.ended {
		return ""
	}
	c.ended = true
	_ = c.to.Close()
	_ = c.cmd.Process.Kill()
	err := c.cmd.Wait()
	if err == nil {
		return "exit status 0"
	}
	return strings.TrimSpace(err.Error())
}
