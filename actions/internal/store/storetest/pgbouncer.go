package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PgBouncer starts a PgBouncer before the PostgreSQL of an address, in a mode
// (session or transaction) and with more lines of configuration, and stops it with
// the test. It answers with the address to use instead. Where there is none, the
// test is skipped with a sentence.
func PgBouncer(t testing.TB, dsn, mode string, more ...string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		if program = "/usr/sbin/pgbouncer"; !isThere(program) {
			t.Skip("PgBouncer is not here, so this is not tested: install it (Debian: apt-get install pgbouncer)")
		}
	}
	address, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "pgbouncer") // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	who, port := unprivileged(t, dir), free(t)
	lines := append([]string{
		"[databases]", fmt.Sprintf("* = host=127.0.0.1 port=%s", address.Port()),
		"[pgbouncer]", "listen_addr = 127.0.0.1", fmt.Sprintf("listen_port = %d", port), "unix_socket_dir =",
		"auth_type = trust", "auth_file = " + filepath.Join(dir, "users.txt"), "pool_mode = " + mode,
	}, more...)
	for name, content := range map[string]string{"pgbouncer.ini": strings.Join(lines, "\n") + "\n", "users.txt": "\"tester\" \"\"\n\"reader\" \"\"\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := exec.Command(program, filepath.Join(dir, "pgbouncer.ini"))
	server.Dir, server.SysProcAttr = dir, who
	if err := server.Start(); err != nil {
		t.Fatalf("start PgBouncer: %v", err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	})
	pooled := strings.Replace(dsn, ":"+address.Port()+"/", fmt.Sprintf(":%d/", port), 1)
	answers(t, pooled)
	return pooled
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// answers waits until a server answers.
func answers(t testing.TB, dsn string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, dsn)
		if err == nil {
			_ = conn.Close(ctx)
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("%s does not answer: %v", dsn, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
