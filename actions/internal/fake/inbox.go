package fake

import (
	"errors"
	"io"
	"log"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Inbox is a mailbox on an IMAP server without TLS, on loopback alone.
type Inbox struct {
	// URL leads to it, with its user and password.
	URL string

	world *World
	user  *imapmemserver.User
	imap  *imapserver.Server
	mails []delivered
}

// delivered is a mail and when it came.
type delivered struct {
	mail string
	at   time.Time
}

func newInbox(w *World) *Inbox {
	box := &Inbox{world: w, user: imapmemserver.NewUser("beta", "simulated")}
	if err := box.user.Create("INBOX", nil); err != nil {
		panic("simulate: " + err.Error())
	}
	users := imapmemserver.New()
	users.AddUser(box.user)
	box.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return users.NewSession(), nil, nil
		},
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}}, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	listener := listen()
	box.URL = "imap://beta:simulated@" + listener.Addr().String() + "/INBOX"
	w.servers = append(w.servers, box)
	w.running.Add(1)
	go func() {
		defer w.running.Done()
		_ = box.imap.Serve(listener) // it ends when the world is closed
	}()
	return box
}

func (b *Inbox) close() { _ = b.imap.Close() }

// Deliver puts a mail into the box now, as it is written: a header, an empty
// line, a body.
func (b *Inbox) Deliver(mail string) {
	mail = strings.ReplaceAll(strings.ReplaceAll(mail, "\r\n", "\n"), "\n", "\r\n")
	b.mails = append(b.mails, delivered{mail, b.now()})
	b.put(b.mails[len(b.mails)-1])
}

func (b *Inbox) put(d delivered) {
	if _, err := b.user.Append("INBOX", literal{strings.NewReader(d.mail), int64(len(d.mail))}, &imap.AppendOptions{Time: d.at}); err != nil {
		panic("simulate: " + err.Error())
	}
}

// Anew makes the box anew, as when it moves to another server: the mails are
// there, and their numbers are others.
func (b *Inbox) Anew() {
	if err := errors.Join(b.user.Delete("INBOX"), b.user.Create("INBOX", nil)); err != nil {
		panic("simulate: " + err.Error())
	}
	for _, d := range b.mails {
		b.put(d)
	}
}

func (b *Inbox) now() time.Time { return b.world.Now() }

// literal is a text of known length.
type literal struct {
	io.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }
