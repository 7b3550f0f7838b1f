// Package storetest gives tests a real PostgreSQL, and telemetry in any amount.
package storetest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Postgres starts a PostgreSQL of its own on loopback, with the tables of
// telemetry in schema, and stops it with the test. The address is that of its
// superuser; Reader is that of a user who may only read. Where there is no
// PostgreSQL, the test is skipped with a sentence.
func Postgres(t testing.TB, schema string) (dsn string) {
	t.Helper()
	initdb, postgres := tool(t, "initdb"), tool(t, "postgres")
	dir, err := os.MkdirTemp("", "pg") // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	who := unprivileged(t, dir)
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.SysProcAttr = dir, who
		return cmd
	}
	data := filepath.Join(dir, "data")
	if out, err := run(initdb, "-D", data, "-U", "tester", "--auth=trust", "--no-sync", "-E", "UTF8").CombinedOutput(); err != nil {
		t.Fatalf("make a PostgreSQL: %v: %s", err, out)
	}
	port := free(t)
	server := run(postgres, "-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", dir, "-F", "-c", "fsync=off", "-c", "jit=off", "-c", "shared_buffers=256MB", "-c", "work_mem=64MB")
	if err := server.Start(); err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGINT)
		_ = server.Wait()
	})
	dsn = fmt.Sprintf("postgres://tester@127.0.0.1:%d/postgres?sslmode=disable", port)
	fill(t, dsn, schema)
	return dsn
}

// Reader is the address of the user of a PostgreSQL who may only read the tables
// of telemetry.
func Reader(dsn string) string { return strings.Replace(dsn, "//tester@", "//reader@", 1) }

// tool finds a program of PostgreSQL, which Debian keeps off the PATH.
func tool(t testing.TB, name string) string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return found[len(found)-1]
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("PostgreSQL is not here, so this is not tested: install it (Debian: apt-get install postgresql)")
	}
	return path
}

// unprivileged is the user nobody where we are root, as whom PostgreSQL does
// not run.
func unprivileged(t testing.TB, dir string) *syscall.SysProcAttr {
	if os.Getuid() != 0 {
		return nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Skip("PostgreSQL does not run as root, and there is no user nobody")
	}
	uid, _ := strconv.Atoi(nobody.Uid)
	gid, _ := strconv.Atoi(nobody.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func free(t testing.TB) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// fill waits for the server and makes the tables of telemetry.
func fill(t testing.TB, dsn, schema string) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var conn *pgx.Conn
	var err error
	for ctx.Err() == nil {
		if conn, err = pgx.Connect(ctx, dsn); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		t.Fatalf("PostgreSQL does not answer: %v", err)
	}
	defer conn.Close(ctx)
	for _, statement := range strings.Split(schema, ";") {
		if strings.Contains(statement, "_events (") {
			if _, err := conn.Exec(ctx, statement); err != nil {
				t.Fatalf("make the tables: %v", err)
			}
		}
	}
	if _, err := conn.Exec(ctx, "CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"); err != nil {
		t.Fatalf("make the reader: %v", err)
	}
}
