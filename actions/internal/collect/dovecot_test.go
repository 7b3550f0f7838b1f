package collect

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
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

	"github.com/aftercare/aftercare/actions/internal/fake"
	"github.com/aftercare/aftercare/actions/internal/letter"
)

// dovecot is a real IMAP server with one mailbox, on loopback, with TLS.
type dovecot struct {
	port  int
	roots *x509.CertPool
	mail  string // the Maildir
	owner int
	group int
	count int
}

const dovecotConfig = `
base_dir = %[1]s/run
state_dir = %[1]s/run
log_path = %[1]s/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
default_internal_user = %[3]s
default_internal_group = %[4]s
default_login_user = %[5]s
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:%[1]s/mail
mail_uid = %[3]s
mail_gid = %[4]s
passdb {
  driver = passwd-file
  args = %[1]s/users
}
userdb {
  driver = static
  args = uid=%[3]s gid=%[4]s home=%[1]s/mail
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = %[2]d
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`

const mailPassword = "s3cret/pass@word"

// startDovecot starts the server; the test is skipped where there is none.
func startDovecot(t *testing.T) *dovecot {
	t.Helper()
	program, err := exec.LookPath("dovecot")
	if err != nil {
		t.Skip("Dovecot is not here, so no real mailbox is read: install it (Debian: apt-get install dovecot-imapd)")
	}
	dir, err := os.MkdirTemp("", "aftercare-mail-") // the test's own folder is closed to the server's users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	internal, login := me.Username, me.Username
	if os.Geteuid() == 0 {
		internal, login = "dovecot", "dovenull"
	}
	account, err := user.Lookup(internal)
	if err != nil {
		t.Skipf("Dovecot's account is not here: %v", err)
	}
	group, err := user.LookupGroupId(account.Gid)
	if err != nil {
		t.Fatal(err)
	}
	d := &dovecot{mail: filepath.Join(dir, "mail")}
	d.owner, _ = strconv.Atoi(account.Uid)
	d.group, _ = strconv.Atoi(account.Gid)
	d.port = freePort(t)
	d.roots = certificate(t, dir)
	for _, folder := range []string{"run", "mail/new", "mail/cur", "mail/tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, folder := range []string{"mail", "mail/new", "mail/cur", "mail/tmp"} {
		_ = os.Chown(filepath.Join(dir, folder), d.owner, d.group)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("users", "beta:{PLAIN}"+mailPassword+"::::\n")
	put("dovecot.conf", fmt.Sprintf(dovecotConfig, dir, d.port, internal, group.Name, login))
	cmd := exec.Command(program, "-F", "-c", filepath.Join(dir, "dovecot.conf"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	for range 200 {
		if conn, err := net.Dial("tcp", d.address()); err == nil {
			conn.Close()
			return d
		}
		time.Sleep(25 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	t.Fatalf("Dovecot does not start:\n%s", log)
	return nil
}

func (d *dovecot) address() string { return fmt.Sprintf("127.0.0.1:%d", d.port) }

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// certificate writes a certificate of an authority of the test's own.
func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return pool
}

// deliver puts a mail into the box as a mail server does; when it came is the
// time of its file.
func (d *dovecot) deliver(t *testing.T, mail string, at time.Time) {
	t.Helper()
	d.count++
	name := filepath.Join(d.mail, "new", fmt.Sprintf("%d.M%06d.test", at.Unix(), d.count))
	tmp := filepath.Join(d.mail, "tmp", filepath.Base(name))
	if err := os.WriteFile(tmp, []byte(strings.ReplaceAll(mail, "\n", "\r\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	_ = os.Chown(tmp, d.owner, d.group)
	if err := os.Chtimes(tmp, at, at); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(tmp, name); err != nil {
		t.Fatal(err)
	}
}

// seen counts the mails that are marked as seen.
func (d *dovecot) seen(t *testing.T) int {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(d.mail, "cur", "*"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range all {
		if _, flags, _ := strings.Cut(name, ":2,"); strings.Contains(flags, "S") {
			n++
		}
	}
	return n
}

func (d *dovecot) box() Mailbox {
	return Mailbox{URL: "imaps://beta:s3cret%2Fpass%40word@" + d.address() + "/INBOX", Roots: d.roots, Address: "beta@caro.example"}
}

// cut is the address of what ends each connection to a server when it has said
// so many bytes.
func cut(t *testing.T, to string, after int64) string {
	t.Helper()
	address, stop, err := fake.CutAfter(to, after)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return address
}

func plainMail(subject, body string) string {
	return "From: Ann <ann@mail.example>\nTo: Beta <beta@caro.example>\nSubject: " + subject + "\n\n" + body + "\n"
}

// read is what a mail says.
func read(t *testing.T, m Mail) letter.Letter {
	t.Helper()
	l, err := m.Letter(t.Context(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAMailboxIsReadOnce(t *testing.T) {
	d := startDovecot(t)
	now := time.Now().Truncate(time.Second)
	d.deliver(t, plainMail("old", "long ago"), now.AddDate(0, 0, -50))
	d.deliver(t, plainMail("first", "hello"), now.Add(-2*time.Hour))
	d.deliver(t, "From: ann\nTo: somebody@caro.example\nSubject: not for us\n\nx\n", now.Add(-time.Hour))
	d.deliver(t, "From: ann\nTo: list@caro.example\nDelivered-To: beta@caro.example\nSubject: second\n\nhi\n", now)
	var got []string
	gather := func(l Mail) error {
		got = append(got, fmt.Sprintf("%s at %s: %s", read(t, l).Subject, now.Sub(l.At).Round(time.Second), read(t, l).Text))
		return nil
	}
	since := now.AddDate(0, 0, -35)
	at, err := d.box().Read(t.Context(), Cursor{}, since, gather)
	if want := "first at 2h0m0s: hello; second at 0s: hi"; err != nil || strings.Join(got, "; ") != want {
		t.Fatalf("%v: got %q, want %q", err, got, want)
	}
	if at.Validity == 0 || at.UID != 4 || d.seen(t) != 0 {
		t.Errorf("the cursor is %+v, and %d mails are marked as seen", at, d.seen(t))
	}
	got = nil
	again, err := d.box().Read(t.Context(), at, since, gather)
	if err != nil || again != at || len(got) != 0 {
		t.Errorf("again: %v, %+v, %q", err, again, got)
	}
	d.deliver(t, plainMail("third", "new"), now)
	if at, err = d.box().Read(t.Context(), at, since, gather); err != nil || len(got) != 1 || at.UID != 5 {
		t.Errorf("a new one: %v, %+v, %q", err, at, got)
	}
	// A mailbox that was made anew counts from the beginning.
	got = nil
	if at, err = d.box().Read(t.Context(), Cursor{Validity: at.Validity + 1, UID: 99}, since, gather); err != nil || len(got) != 3 {
		t.Errorf("of another validity: %v, %+v, %q", err, at, got)
	}
	// However old what comes behind the cursor is, it is new; so it is in a mailbox
	// that was empty when it was looked at.
	d.deliver(t, plainMail("late", "from long ago"), now.AddDate(0, 0, -90))
	for _, after := range []Cursor{at, {Validity: at.Validity}} {
		got = nil
		if _, err = d.box().Read(t.Context(), after, since, gather); err != nil || !strings.Contains(strings.Join(got, "; "), "from long ago") {
			t.Errorf("behind %+v: %v, %q", after, err, got)
		}
	}
	marking := d.box()
	marking.Seen = true
	if _, err = marking.Read(t.Context(), Cursor{}, since, gather); err != nil || d.seen(t) != 3 {
		t.Errorf("told to mark: %v, %d mails are marked as seen, want 3", err, d.seen(t))
	}
}

func TestAMailboxThatCannotBeRead(t *testing.T) {
	d := startDovecot(t)
	none := func(Mail) error { return nil }
	for name, c := range map[string]struct {
		change func(m *Mailbox)
		want   string
	}{
		"a wrong password":   {func(m *Mailbox) { m.URL = strings.Replace(m.URL, "s3cret", "wr0ng", 1) }, "does not let beta in"},
		"no such mailbox":    {func(m *Mailbox) { m.URL = strings.Replace(m.URL, "/INBOX", "/Other", 1) }, "the mailbox Other cannot be opened"},
		"nobody's authority": {func(m *Mailbox) { m.Roots = x509.NewCertPool() }, "certificate"},
		"nobody there":       {func(m *Mailbox) { m.URL = "imaps://beta:s3cret@127.0.0.1:9/INBOX" }, "refused"},
		"no address":         {func(m *Mailbox) { m.URL = "imaps://beta:s3cret%zz@host" }, "IMAP_URL is not an address of the form"},
		"another scheme":     {func(m *Mailbox) { m.URL = "pop3://beta:s3cret@host" }, "IMAP_URL is not an address of the form"},
		"no user":            {func(m *Mailbox) { m.URL = "imaps://host/INBOX" }, "IMAP_URL is not an address of the form"},
		"plain to TLS":       {func(m *Mailbox) { m.URL = strings.Replace(m.URL, "imaps://", "imap://", 1) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := d.box()
			c.change(&m)
			start := time.Now()
			_, err := m.Read(t.Context(), Cursor{}, time.Time{}, none)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "wr0ng") || strings.Contains(err.Error(), "pass@word") {
				t.Errorf("after %s: %v", time.Since(start), err)
			}
		})
	}
}

// The connection breaks off at any point: what was handed over is not handed
// over again, and nothing is left out.
func TestABrokenConnectionLosesNoMail(t *testing.T) {
	d := startDovecot(t)
	now := time.Now()
	for n := range 12 {
		d.deliver(t, plainMail(fmt.Sprint("mail ", n), strings.Repeat("some words of it ", 200)), now)
	}
	broken := 0
	for after := int64(200); after < 60_000; after += 2_900 {
		m := d.box()
		m.URL = strings.Replace(m.URL, d.address(), cut(t, d.address(), after), 1)
		var got []uint32
		each := func(l Mail) error { got = append(got, l.UID); return nil }
		at, err := m.Read(t.Context(), Cursor{}, now.AddDate(0, 0, -1), each)
		if err != nil {
			broken++
		}
		if _, err := d.box().Read(t.Context(), at, now.AddDate(0, 0, -1), each); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(got) != "[1 2 3 4 5 6 7 8 9 10 11 12]" {
			t.Errorf("cut after %d bytes (%v): %v", after, err, got)
		}
	}
	if broken < 10 {
		t.Errorf("only %d connections broke: the cut is broken", broken)
	}
}

// Mail for others is passed over by its header, and what was passed over is not
// looked at again, wherever the connection breaks off.
func TestMailForOthersIsPassedOver(t *testing.T) {
	d := startDovecot(t)
	now := time.Now()
	for n := range 160 {
		d.deliver(t, "From: a\nTo: other@caro.example\nSubject: "+fmt.Sprint(n)+"\n\n"+strings.Repeat("some words of it ", 2000)+"\n", now)
	}
	d.deliver(t, plainMail("ours", "hello"), now)
	m := d.box()
	m.URL = strings.Replace(m.URL, d.address(), cut(t, d.address(), 20_000), 1) // a letter alone is larger
	var at Cursor
	var got []string
	for run := 1; len(got) == 0; run++ {
		before := at
		var err error
		at, err = m.Read(t.Context(), at, now.AddDate(0, 0, -1), func(l Mail) error { got = append(got, read(t, l).Subject); return nil })
		switch {
		case err != nil && at.UID <= before.UID:
			t.Fatalf("run %d does not get past %+v: %v", run, at, err)
		case err != nil && !strings.Contains(err.Error(), fmt.Sprintf("; %d mails are left to the next run", 161-at.UID)):
			t.Errorf("at %+v it says: %v", at, err)
		}
	}
	if at.UID != 161 || len(got) != 1 {
		t.Errorf("at %+v: %q", at, got)
	}
}

// A mail has its names for all time: in a mailbox that was made anew, and after
// another key was set.
func TestNamesOfMail(t *testing.T) {
	names := func(mail string, keys ...string) []string {
		header, body := letter.Split([]byte(mail))
		return Mailbox{Keys: keys}.names(header, body, int64(len(mail)))
	}
	const one = "Message-ID: <1@mail.example>\nDate: Mon, 26 Jan 2026 10:00:00 +0100\nSubject: x\n\nhello"
	for mail, same := range map[string]bool{
		"Received: elsewhere\n" + one: true, one + " and more": true,
		strings.Replace(one, "<1@", "<2@", 1): false, strings.Replace(one, "26 Jan", "27 Jan", 1): false, // an id that a program gives to all
	} {
		if (names(mail)[0] == names(one)[0]) != same {
			t.Errorf("%q and %q: %v", mail, one, !same)
		}
	}
	const bare = "From: a\nSubject: x\n\nhello"
	for mail, same := range map[string]bool{"Received: elsewhere\n" + bare: true, bare + "!": false, "From: b\nSubject: x\n\nhello": false} {
		if (names(mail)[0] == names(bare)[0]) != same {
			t.Errorf("%q and %q: %v", mail, bare, !same)
		}
	}
	none, old, both := names(one), names(one, "old"), names(one, "new", "old")
	if len(none) != 1 || len(old) != 2 || len(both) != 3 || old[1] != none[0] || both[1] != old[0] || both[2] != none[0] || both[0] == old[0] || len(none[0]) != 16 {
		t.Errorf("%q, %q, %q", none, old, both)
	}
}

// What each fails is read again: the cursor stays before it.
func TestALetterThatCannotBeKept(t *testing.T) {
	d := startDovecot(t)
	for n := range 3 {
		d.deliver(t, plainMail(fmt.Sprint(n), "x"), time.Now())
	}
	full := fmt.Errorf("the disk is full")
	at, err := d.box().Read(t.Context(), Cursor{}, time.Time{}, func(l Mail) error {
		if read(t, l).Subject == "1" {
			return full
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "disk is full") || at.UID != 1 {
		t.Errorf("%v, %+v", err, at)
	}
}

func TestLargeMail(t *testing.T) {
	d := startDovecot(t)
	d.deliver(t, plainMail("large", string(bytes.Repeat([]byte("0123456789abcde\n"), (largestMail/16)+1000))), time.Now())
	var got Mail
	if _, err := d.box().Read(t.Context(), Cursor{}, time.Time{}, func(l Mail) error { got = l; return nil }); err != nil {
		t.Fatal(err)
	}
	if l := read(t, got); l.Subject != "large" || l.Text != "" || !got.Large || l.Unread {
		t.Errorf("%q, %d bytes of text, large %v, unread %v", l.Subject, len(l.Text), got.Large, l.Unread)
	}
}
