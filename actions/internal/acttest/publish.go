package acttest

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// publish serves the program of an action as a release of the tree does, and returns
// the variables with which the action fetches it. A process builds each program once.
func publish(t testing.TB, tree, action string) map[string]string {
	t.Helper()
	launch := filepath.Join(tree, "actions", "launch.sh")
	program := build(t, action)
	file := "aftercare-" + action + "-" + output(t, launch, "platform")
	manifest := filepath.Join(t.TempDir(), "prebuilt.txt")
	text := fmt.Sprintf("version v1.2.3\nsource %s\n%x  %s\n", output(t, launch, "source"), sha256.Sum256(program), file)
	if err := os.WriteFile(manifest, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1.2.3/"+file {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(program) // the action checks what it fetched
	}))
	t.Cleanup(server.Close)
	return map[string]string{"AFTERCARE_PREBUILT": manifest, "AFTERCARE_DOWNLOADS": server.URL}
}

// builds are the programs that this process has built, by action.
var builds = struct {
	sync.Mutex
	programs map[string][]byte
}{programs: map[string][]byte{}}

// build returns the program of an action, as launch.sh builds it.
func build(t testing.TB, action string) []byte {
	t.Helper()
	builds.Lock()
	defer builds.Unlock()
	if program := builds.programs[action]; program != nil {
		return program
	}
	temp := t.TempDir()
	cmd := exec.Command(filepath.Join(root(t), "actions", "launch.sh"), "build", action)
	cmd.Env = append(os.Environ(), "RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+filepath.Join(temp, "output"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", action, err, out)
	}
	program, err := os.ReadFile(filepath.Join(temp, "aftercare", action))
	if err != nil {
		t.Fatal(err)
	}
	builds.programs[action] = program
	return program
}

// output is what a program prints, without the white space around it.
func output(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}
