package letter

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/aftercare/aftercare/actions/internal/issuetext"
)

// heard are the words that are looked at of a mail, as the rules get them.
func heard(mail string) string {
	l := Read(Split([]byte(mail)))
	var all []string
	for _, p := range issuetext.Read(l.Subject, l.Markdown(), nil).Passages {
		if p.In == "body" {
			all = append(all, strings.Join(strings.Fields(p.Text), " "))
		}
	}
	return strings.Join(all, " | ")
}

// What the writer says is heard in whatever form mail programs send it, and what
// the writer quotes is not.
func TestOwnWordsOfAMail(t *testing.T) {
	const leak = "My key leaked into the export."
	both := func(plain, html string) string {
		return "Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + plain + "\n--b\nContent-Type: text/html\n\n" + html + "\n--b--\n"
	}
	part := func(head, body string) string {
		return "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\n" + head + "\n\n" + body + "\n--b--\n"
	}
	for _, c := range []struct{ name, mail, want string }{
		{"indented by four spaces", "Subject: x\n\nHello,\n\n    " + leak + "\n", "Hello, | " + leak},
		{"indented by a tab, within a list", "Subject: x\n\n- this:\n\n\t\t" + leak, "this: | " + leak},
		{"behind a fence that never ends", "Subject: x\n\n```\n" + leak, "```\n" + leak},
		{"behind what looks like a tag", "Subject: x\n\n<div>\n" + leak, "<div>\n" + leak},
		{"stars, dashes and paths", "Subject: x\n\n# not *a* heading_of [mine](x) ~~y~~ C:\\[a]", "# not *a* heading_of [mine](x) ~~y~~ C:\\[a]"},
		{"quoted by signs", "Subject: x\n\nThanks!\n> " + leak + "\n>> " + leak + "\nBye", "Thanks! Bye"},
		{"a line that a mailbox put a sign before", "Subject: x\n\n>From here on it leaks", ">From here on it leaks"},
		{"quoted with a line on who wrote it", "Subject: x\n\nThanks!\n\nOn Mon, 26 Jan 2026 at 10:00,\nAnn <ann@mail.example>\nwrote:\n> " + leak + "\nBye", "Thanks! | Bye"},
		{"quoted without signs", "Subject: x\n\nThanks!\n\nAm 26.01.2026 um 10:00 schrieb Ann <ann@mail.example>:\n\n" + leak, "Thanks!"},
		{"a line that says what was written", "Subject: x\n\nOn startup it wrote:\n" + leak, "On startup it wrote:\n" + leak},
		{"an original message", "Subject: RE: x\n\nThanks!\n\n-----Original Message-----\nFrom: Ann\n\n" + leak, "Thanks!"},
		{"a head that is quoted", "Subject: RE: x\n\nThanks!\n\nFrom: Ann\nSent: Monday\nTo: Ben\nSubject: y\n\n" + leak, "Thanks!"},
		{"a line that begins with From", "Subject: x\n\nFrom: the first day on\n" + leak, "From: the first day on\n" + leak},
		{"handed on", "Subject: Fwd: x\n\nsee\n\n---------- Forwarded message ---------\nFrom: Ann\nDate: Monday\nSubject: y\n\n> " + leak, "see | From: Ann\nDate: Monday\nSubject: y | " + leak},
		{"handed on without saying so in the subject", "Subject: x\n\nBegin forwarded message:\n\nFrom: Ann\nDate: Monday\nSubject: y\n\n" + leak, "From: Ann\nDate: Monday\nSubject: y | " + leak},
		{"HTML with indentation", "Subject: x\nContent-Type: text/html\n\n<html>\n  <body>\n    <div>\n      <p>Hi,</p>\n      <p>My key\n        leaked into the <b>export</b>.</p>\n    </div>\n  </body>\n</html>", "Hi, | " + leak},
		{"HTML that quotes", "Subject: x\nContent-Type: text/html\n\n<div>Thanks!</div><div>On Mon, 26 Jan 2026 Ann wrote:<br></div><blockquote type=cite><p>" + leak + "</p></blockquote><p>Bye</p>", "Thanks! | Bye"},
		{"HTML that quotes a head", "Subject: x\nContent-Type: text/html\n\n<p>Thanks!</p><hr><p><b>From:</b> Ann<br><b>Sent:</b> Monday<br><b>Subject:</b> y</p><p>" + leak + "</p>", "Thanks!"},
		{"HTML with signs in it", "Subject: x\nContent-Type: text/html\n\n<p title=\"a > b\">" + leak + "</p>", leak},
		{"HTML that nobody sees", "Subject: x\nContent-Type: text/html\n\n<div style=\"DISPLAY : none\"><div>a</div>" + leak + "</div><p>hi</p>", "hi"},
		{"HTML whose head does not end", "Subject: x\nContent-Type: text/html\n\n<head><title>t</title><body>" + leak, leak},
		{"a plain part that says nothing", both("Please view in an HTML reader.", "<p>"+leak+"</p>"), "Please view in an HTML reader. | " + leak},
		{"both the same", both("My key leaked\ninto the export.", "<p>"+leak+"</p>"), "My key leaked\ninto the export."},
		{"a mail with a name within the mail", part("Content-Type: message/rfc822; name=\"y.eml\"\nContent-Disposition: attachment; filename=\"y.eml\"", "Subject: y\n\n"+leak), "hello | y | " + leak},
		{"a text with a name that is shown", part("Content-Type: text/plain; name=\"y.txt\"\nContent-Disposition: inline; filename=y.txt", leak), "hello | " + leak},
		{"a text that is attached", part("Content-Type: text/plain; name=\"y.txt\"\nContent-Disposition: attachment; filename=y.txt", leak), "hello"},
		{"an encoding with a semicolon", "Subject: x\nContent-Transfer-Encoding: base64;\n\n" + base64.StdEncoding.EncodeToString([]byte(leak)), leak},
		{"UTF-16 with its mark", "Subject: x\nContent-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte("\xfe\xff\x00h\x00i")), "hi"},
		{"UTF-16 that does not say so", "Subject: x\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte("\xff\xfeh\x00i\x00")), "hi"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := heard(c.mail); got != strings.Join(strings.Fields(c.want), " ") {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// A mail that holds nothing that could be read is told from one that says nothing.
func TestMailThatCannotBeRead(t *testing.T) {
	for mail, want := range map[string]bool{
		"Subject: my key leaked\n\n": false, "Subject: x\n\nhi": false,
		"Subject: x\nContent-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=":  true,
		"Subject: x\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nMIAGCSqGSIb3":                    true,
		"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: image/png\n\nx\n--a--\n": true, "Subject: x\nContent-Type: multipart/mixed; boundary=a\n\nno part of it\n": false,
		"Subject: x\nContent-Type: application/json; name=a.json\n\n[]":                                          false,
		attached("Content-Type: image/png; name=a.png", "PNG"):                                                   false,
		"Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n\n--b--": true,
	} {
		if l := Read(Split([]byte(mail))); l.Unread != want {
			t.Errorf("%q: unread is %v", mail, l.Unread)
		}
	}
}

func FuzzOwnWords(f *testing.F) {
	f.Add("hi\n> quoted\nOn 2026-01-26 Ann wrote:\n\nFrom: a\nSent: b\nSubject: c", "<p>a<blockquote>b", true)
	f.Fuzz(func(t *testing.T, plain, markup string, handedOn bool) {
		for _, lines := range [][]string{toLines(plain), pageLines(markup, false), pageLines(markup, true)} {
			words, _, _ := ownWords(lines, origin{forwards: handedOn})
			if again, _, _ := ownWords(toLines(words), origin{forwards: true}); handedOn && again != words {
				t.Errorf("%q is read again as %q", words, again)
			}
		}
	})
}
