package letter

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func gz(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}

// attached is a mail with one attachment.
func attached(header, content string) string {
	return "Subject: telemetry\nContent-Type: multipart/mixed; boundary=\"=_b\"\n\npreamble\n--=_b\nContent-Type: text/plain; charset=utf-8\n\nhere it is\n--=_b\n" +
		header + "\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString([]byte(content)) + "\n--=_b--\n"
}

func TestReadLetter(t *testing.T) {
	bomb := gz(strings.Repeat("\x00", 80<<20))
	for _, c := range []struct{ name, mail, subject, text, exports, refused string }{
		{"plain", "Subject: hello\n\nit is broken\n", "hello", "it is broken", "", ""},
		{"encoded words and a charset", "Subject: =?utf-8?B?w6R0emVuZA==?= =?iso-8859-1?Q?=FCber?=\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nsch=F6n =\nzu lesen\n", "ätzendüber", "schön zu lesen", "", ""},
		{"Japanese", "Subject: x\nContent-Type: text/plain; charset=shift_jis\nContent-Transfer-Encoding: base64\n\ngrGC8YLJgr+CzQ==\n", "x", "こんにちは", "", ""},
		{"an unknown charset", "Subject: x\nContent-Type: text/plain; charset=klingon\n\nhi\n", "x", "hi", "", ""},
		{"HTML alone", "Subject: x\nContent-Type: text/html\n\n<html><head><title>no</title><style>p{}</style></head><body><script>evil()</script><p>it &amp; that</p><br>broke<!-- hidden --></body>", "x", "it & that\n\nbroke", "", ""},
		{"both, and both are read", "Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n", "x", "plain\n\nhtml", "", ""},
		{"a part within parts", "Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\ndeep\n--b--\n--a--\n", "x", "deep", "", ""},
		{"cut off in the middle", "Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: text/plain\n\nthe beginni", "x", "the beginni", "", ""},
		{"a boundary that never comes", "Subject: x\nContent-Type: multipart/mixed; boundary=a\n\nnothing of it\n", "x", "nothing of it", "", ""},
		{"no boundary at all", "Subject: x\nContent-Type: multipart/mixed\n\nall of it\n", "x", "all of it", "", ""},
		{"a header that is none", "Subject: x\nthis is no header\nContent-Type: ;;;\n\nthe text\n", "x", "the text", "", ""},
		{"no header", "just text\nin two lines\n", "", "just text\nin two lines", "", ""},
		{"base64 with rubbish between", "Subject: x\nContent-Transfer-Encoding: base64\n\naGVs!!bG8g\n d29ybGQ=\n", "x", "hello world", "", ""},
		{"bytes that are no UTF-8", "Subject: \xe4tzend\n\n\xc3\x28 a\n", "ätzend", "Ã( a", "", ""},
		{"an export", attached("Content-Type: application/json; name=\"export.json\"", `[{"id":1}]`), "telemetry", "here it is", `[{"id":1}]`, ""},
		{"an export by its name alone", attached("Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*=utf-8''d%C3%A4.ndjson", `{"id":1}`), "telemetry", "here it is", `{"id":1}`, ""},
		{"a packed one", attached("Content-Disposition: attachment; filename=\"../../a.json.gz\"", gz(`{"id":1}`)), "telemetry", "here it is", `{"id":1}`, ""},
		{"a bomb", attached("Content-Disposition: attachment; filename=a.json.gz", bomb), "telemetry", "here it is", "", "too large:1"},
		{"packed twice", attached("Content-Disposition: attachment; filename=a.json.gz", gz(gz(`{}`))), "telemetry", "here it is", "", "packed twice:1"},
		{"packed and cut off", attached("Content-Disposition: attachment; filename=a.json.gz", gz(strings.Repeat("x", 9999))[:30]), "telemetry", "here it is", "", "damaged:1"},
		{"an archive", attached("Content-Disposition: attachment; filename=jane.doe@example.org.zip", "PK"), "telemetry", "here it is", "", "in an archive:1"},
		{"a bomb in ten parts", "Subject: telemetry\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: application/json\n\n"+strings.Repeat(" ", MaxExports/2+1)+"\n", 11) + "--b--\n", "telemetry", "", strings.Repeat(" ", MaxExports/2+1), "too large:10"},
		{"too many", "Subject: telemetry\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: application/json\n\n[]\n", 12) + "--b--\n", "telemetry", "", strings.Repeat("[]", maxExports), "too many for one mail:2"},
		{"a picture", attached("Content-Type: image/png; name=a.png", "PNG"), "telemetry", "here it is", "", ""},
		{"a mail in a mail", "Subject: fwd\nContent-Type: message/rfc822\n\nSubject: inner\n\nthe inner text\n", "fwd", "inner\n\nthe inner text", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			header, body := Split([]byte(c.mail))
			got := Read(header, body)
			exports := string(bytes.Join(got.Exports, nil))
			refused := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(got.Refused), "map["), "]")
			if got.Subject != c.subject || got.Text != c.text || exports != c.exports || refused != c.refused {
				t.Errorf("subject %q, text %q, exports %.200q, refused %q", got.Subject, got.Text, exports, refused)
			}
		})
	}
}

func TestAutomaticMail(t *testing.T) {
	for header, want := range map[string]bool{
		"Auto-Submitted: auto-replied": true, "Auto-Submitted: no": false, "Precedence: bulk": true, "List-Id: <a.b>": false, "Precedence: list": false, "Precedence: auto_reply": true, "Return-Path: <>": true,
		"From: MAILER-DAEMON@host": true, "From: ann@mail.example": false, "Content-Type: multipart/report; report-type=delivery-status; boundary=a": true, "X-Autoreply: yes": true,
	} {
		h, _ := Split([]byte(header + "\n\nx"))
		if h.automatic(h.subject(), "x") != want {
			t.Errorf("%s: %v", header, !want)
		}
	}
}

func TestWhomAMailIsFor(t *testing.T) {
	for header, want := range map[string]bool{
		"To: beta@caro.example": true, "To: Beta <BETA@caro.example>, x@y": true, "Cc: <beta@caro.example>": true, "Delivered-To: beta@caro.example": true,
		"To: alphabeta@caro.example": false, "To: beta@caro.example.evil": false, "To: not.beta@caro.example": false, "Subject: beta@caro.example": false,
		"To: a@b,\n beta@caro.example": true,
	} {
		h, _ := Split([]byte(header + "\n\nx"))
		if h.IsFor("beta@caro.example") != want || !h.IsFor("") {
			t.Errorf("%q: %v", header, !want)
		}
	}
}

// Parts in parts in parts, and parts without end, have an end.
func TestMailWithoutEnd(t *testing.T) {
	deep := "x\n"
	for n := range 60 {
		deep = fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n%s\n--b%d--\n", n, n, deep, n)
	}
	many := "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: text/plain\n\nword\n", 5000) + "--b--\n"
	for name, mail := range map[string]string{"deep": deep, "many": many} {
		h, b := Split([]byte("Subject: x\n" + mail))
		if l := Read(h, b); !l.Endless {
			t.Errorf("%s: %+v", name, l.Refused)
		}
	}
}

func FuzzReadLetter(f *testing.F) {
	f.Add([]byte("Subject: x\n\ny"))
	f.Add([]byte(attached("Content-Disposition: attachment; filename=a.json.gz", gz(`{}`))))
	f.Fuzz(func(t *testing.T, src []byte) {
		header, body := Split(src)
		got := Read(header, body)
		if !utf8.ValidString(got.Text) || !utf8.ValidString(got.Subject) || len(got.Text) > 2*maxText+2 || len(got.Exports) > maxExports || len(bytes.Join(got.Exports, nil)) > MaxExports {
			t.Errorf("%d bytes of text, %d exports", len(got.Text), len(got.Exports))
		}
	})
}
