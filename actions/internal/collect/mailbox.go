package collect

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/aftercare/aftercare/actions/internal/budget"
	"github.com/aftercare/aftercare/actions/internal/letter"
	"github.com/aftercare/aftercare/actions/internal/redact"
)

// Cursor is the last mail that was read: UIDs count up, and begin anew where the
// mailbox has another validity.
type Cursor struct{ Validity, UID uint32 }

// Mailbox is an address that reports come to, on an IMAP server.
type Mailbox struct {
	// URL is imaps://user:password@host/INBOX, or imap:// for a server that begins
	// without TLS: it is asked for STARTTLS, unless it is on this machine.
	URL     string
	Roots   *x509.CertPool // nil are the system's
	Address string         // what is sent to it is handed over; empty is all
	Seen    bool           // mark as seen what was handed over; else nothing changes on the server
	Keys    []string       // secrets that mails are named by, the newest first
	// MaxFetch is how long the server may take for one mail; zero is two minutes.
	MaxFetch time.Duration
}

// LargestMail is the size up to which a mail is read whole, in MiB.
const LargestMail = 25

const (
	// mailTime is how long reading may take in all.
	mailTime = 4 * time.Minute
	// maxFetch is how long the server may take for one mail: what takes longer is
	// given up, for it would take all the time of each run.
	maxFetch = 2 * time.Minute
	// mailDial is how long a server may take to answer a call.
	mailDial = 30 * time.Second
	// mailBatch is how many mails are asked at once whom they are for.
	mailBatch = 50
	// largestMail is the size up to which a mail is read whole, in bytes.
	largestMail = LargestMail << 20
	// maxListed is how much of a header is read, in bytes.
	maxListed = 256 << 10
)

// Read hands over each mail behind the cursor, the oldest first, however old it
// is; where the cursor is zero or of another validity, those that came since a
// time. What is not for the address is passed over by its header alone. It answers
// the cursor to go on from, of the last mail that was handed over or passed over,
// with an error too, which says how many are left. An error of each ends the
// reading.
func (m Mailbox) Read(ctx context.Context, after Cursor, since time.Time, each func(Mail) error) (Cursor, error) {
	ctx, cancel := context.WithTimeout(ctx, mailTime)
	defer cancel()
	place, err := parseIMAP(m.URL)
	if err != nil {
		return after, err
	}
	client, err := m.dial(ctx, place)
	if err != nil {
		return after, fmt.Errorf("the mail server %s does not answer: %w", place.host, place.bare(err))
	}
	defer client.Close()
	stop := context.AfterFunc(ctx, func() { client.Close() })
	defer stop()
	r := &mailReader{Mailbox: m, client: client, since: since, each: each, at: after}
	if err := r.all(ctx, place, after); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("it takes too long, or was stopped: %w", ctx.Err())
		}
		return r.at, fmt.Errorf("the mail server %s: %w%s", place.host, place.bare(err), r.remain())
	}
	_ = client.Logout().Wait() // all was read; how the server says good-bye does not matter
	return r.at, nil
}

// imapPlace is where a mailbox is.
type imapPlace struct {
	host, address, user, password, box string
	tls, local                         bool
}

// bare takes the password out of an error, wherever it may stand there.
func (p imapPlace) bare(err error) error {
	said := redact.Text(err.Error())
	if p.password != "" {
		said = strings.ReplaceAll(strings.ReplaceAll(said, p.password, "…"), url.QueryEscape(p.password), "…")
	}
	if said == err.Error() {
		return err
	}
	return errors.New(said)
}

var errIMAP = errors.New("IMAP_URL is not an address of the form imaps://user:password@host/INBOX: signs such as @ and / in the password are written %40 and %2F")

func parseIMAP(address string) (imapPlace, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Hostname() == "" || u.User == nil || u.User.Username() == "" || u.Scheme != "imaps" && u.Scheme != "imap" {
		return imapPlace{}, errIMAP
	}
	p := imapPlace{host: u.Hostname(), user: u.User.Username(), tls: u.Scheme == "imaps", box: strings.Trim(u.Path, "/")}
	p.password, _ = u.User.Password()
	p.box = cmp.Or(p.box, "INBOX")
	p.address = net.JoinHostPort(p.host, cmp.Or(u.Port(), map[bool]string{true: "993", false: "143"}[p.tls]))
	ip := net.ParseIP(p.host)
	p.local = p.host == "localhost" || ip != nil && ip.IsLoopback()
	return p, nil
}

// dial connects: with TLS from the beginning, by STARTTLS, or, on this machine
// alone, without.
func (m Mailbox) dial(ctx context.Context, p imapPlace) (*imapclient.Client, error) {
	dialer := &net.Dialer{Timeout: mailDial}
	conn, err := dialer.DialContext(ctx, "tcp", p.address)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{ServerName: p.host, RootCAs: m.Roots, MinVersion: tls.VersionTLS12}
	switch {
	case p.tls:
		secure := tls.Client(conn, config)
		shake, cancel := context.WithTimeout(ctx, mailDial)
		defer cancel()
		if err := secure.HandshakeContext(shake); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return imapclient.New(secure, nil), nil
	case p.local:
		return imapclient.New(conn, nil), nil
	}
	return imapclient.NewStartTLS(conn, &imapclient.Options{TLSConfig: config})
}

// mailReader reads one mailbox.
type mailReader struct {
	Mailbox
	client *imapclient.Client
	since  time.Time
	each   func(Mail) error
	at     Cursor // of the last that was handed over or passed over
	left   int    // how many are to be looked at
}

// remain says how many mails are left to the next run.
func (r *mailReader) remain() string {
	switch r.left {
	case 0:
		return ""
	case 1:
		return "; 1 mail is left to the next run"
	}
	return fmt.Sprintf("; %d mails are left to the next run", r.left)
}

func (r *mailReader) all(ctx context.Context, p imapPlace, after Cursor) error {
	if err := r.client.Login(p.user, p.password).Wait(); err != nil {
		return fmt.Errorf("it does not let %s in: %w", short(p.user), err)
	}
	box, err := r.client.Select(p.box, &imap.SelectOptions{ReadOnly: !r.Seen}).Wait()
	if err != nil {
		return fmt.Errorf("the mailbox %s cannot be opened: %w", short(p.box), err)
	}
	r.at = Cursor{Validity: box.UIDValidity}
	if after.Validity == box.UIDValidity {
		r.at, r.since = after, time.Time{} // what comes behind the last that was read is new
	}
	uids, err := r.newer()
	if err != nil {
		return err
	}
	r.left = len(uids)
	for some := range slices.Chunk(uids, mailBatch) {
		if err := r.batch(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// newer are the UIDs of the mails to look at, in order.
func (r *mailReader) newer() ([]imap.UID, error) {
	criteria := &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(r.at.UID + 1)}}}} // to the last
	if !r.since.IsZero() {
		criteria = &imap.SearchCriteria{Since: r.since.UTC().AddDate(0, 0, -1)} // a server counts days in its own zone
	}
	found, err := r.client.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return nil, fmt.Errorf("it cannot be searched: %w", err)
	}
	uids := found.AllUIDs()
	slices.Sort(uids)
	// The last mail is in every range that has no end.
	return slices.DeleteFunc(slices.Compact(uids), func(uid imap.UID) bool { return uint32(uid) <= r.at.UID }), nil
}

// batch hands over some mails, once they were asked whom they are for. One that
// has gone meanwhile is passed over. Where the connection breaks while they are
// asked, those are passed over that were found to be for others, up to the first
// that is not.
func (r *mailReader) batch(ctx context.Context, uids []imap.UID) error {
	listed, broken := r.list(uids)
	if broken != nil {
		broken = fmt.Errorf("its mails cannot be listed: %w", broken)
	}
	for _, uid := range uids {
		if err := ctx.Err(); err != nil {
			return err
		}
		mail, there := listed[uid]
		ours := there && !mail.at.Before(r.since) && (!mail.told || mail.header.IsFor(r.Address))
		switch {
		case broken != nil && (!there || ours):
			return broken
		case ours:
			switch err := r.one(ctx, mail); {
			case errors.Is(err, ErrHalt):
				r.at.UID = uint32(uid)
				r.left--
				return err
			case err != nil:
				return err
			}
		}
		r.at.UID = uint32(uid)
		r.left--
	}
	return broken
}

// listed is what is known of a mail before it is read.
type listed struct {
	uid    imap.UID
	size   int64
	at     time.Time
	header letter.Header // whom it is for
	told   bool          // the server told the header
}

// list asks whom mails are for. With an error it answers what it has read.
func (r *mailReader) list(uids []imap.UID) (map[imap.UID]listed, error) {
	all := map[imap.UID]listed{}
	section := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: listedFields, Peek: true}
	command := r.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{section}})
	for message := command.Next(); message != nil; message = command.Next() {
		one, err := listing(message)
		if err != nil {
			return all, err // nothing more is asked of the connection
		}
		all[one.uid] = one
	}
	return all, command.Close()
}

func listing(message *imapclient.FetchMessageData) (listed, error) {
	var one listed
	for item := message.Next(); item != nil; item = message.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			one.uid = item.UID
		case imapclient.FetchItemDataRFC822Size:
			one.size = item.Size
		case imapclient.FetchItemDataInternalDate:
			one.at = item.Time
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			src, err := io.ReadAll(io.LimitReader(item.Literal, maxListed))
			if err != nil {
				return one, err
			}
			one.header, _ = letter.Split(src)
			one.told = true
		}
	}
	return one, nil
}

// one reads a mail and hands it over, if it is for the address. One that the server
// takes too long for is handed over as that, and ends the reading: its connection
// cannot be used any more.
func (r *mailReader) one(ctx context.Context, mail listed) error {
	section := &imap.FetchItemBodySection{Peek: true}
	large := mail.size > largestMail
	if large {
		section.Specifier = imap.PartSpecifierHeader
	}
	set := imap.UIDSetNum(mail.uid)
	limited, cancel := context.WithTimeout(ctx, r.fetchTime())
	defer cancel()
	stop := context.AfterFunc(limited, func() { r.client.Close() })
	src, cut, err := r.fetch(set, section)
	stop()
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		reason := &budget.ErrExceeded{Limit: r.fetchTime()}
		if err := r.each(r.mail(mail, mail.header, nil, reason)); err != nil {
			return err
		}
		return fmt.Errorf("a mail was given up: %w: %w", reason, ErrHalt)
	}
	if err != nil {
		return fmt.Errorf("a mail cannot be read: %w", err)
	}
	if src == nil {
		return nil // it has gone
	}
	header, body := letter.Split(src)
	if !header.IsFor(r.Address) {
		return nil
	}
	if cut {
		mail.size, body = max(mail.size, largestMail+1), nil
	}
	if err := r.each(r.mail(mail, header, body, nil)); err != nil {
		return err
	}
	return r.markSeen(set)
}

func (r *mailReader) mail(l listed, header letter.Header, body []byte, failed error) Mail {
	return Mail{
		Validity: r.at.Validity, UID: uint32(l.uid), At: l.at.UTC(), Names: r.names(header, body, l.size),
		Large: l.size > largestMail, Failed: failed, header: header, body: body,
	}
}

func (r *mailReader) markSeen(set imap.UIDSet) error {
	if !r.Seen {
		return nil
	}
	seen := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
	if err := r.client.Store(set, seen, nil).Close(); err != nil {
		return fmt.Errorf("a mail that was read cannot be marked as seen: %w", err)
	}
	return nil
}

// fetch reads a mail; nil is one that is not there. Of one that is larger than the
// server said, the beginning alone is kept, and cut is true. Once the reading of it
// breaks off, nothing more is asked of the connection: the library reads there too.
func (r *mailReader) fetch(set imap.UIDSet, section *imap.FetchItemBodySection) (src []byte, cut bool, err error) {
	command := r.client.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	for message := command.Next(); message != nil; message = command.Next() {
		for item := message.Next(); item != nil; item = message.Next() {
			said, is := item.(imapclient.FetchItemDataBodySection)
			if !is || said.Literal == nil {
				continue
			}
			size := said.Literal.Size()
			if cut = size > 2*largestMail; cut {
				src, err = io.ReadAll(io.LimitReader(said.Literal, maxListed))
				if err == nil {
					_, err = io.Copy(io.Discard, said.Literal)
				}
			} else {
				src, err = io.ReadAll(said.Literal)
			}
			switch {
			case err != nil:
				return nil, false, err
			case !cut && int64(len(src)) < size:
				return nil, false, fmt.Errorf("its end is missing: %d of %d bytes", len(src), size)
			case src == nil:
				src = []byte{}
			}
		}
	}
	return src, cut, command.Close()
}
