package redact

import "strings"

// findOption finds the value in --password VALUE, -u name:VALUE, and in the
// -pVALUE of a program that takes a password that way.
func findOption(t *text, at int) Span {
	if c := t.at(at - 1); at > 0 && !blank.has(c) && strings.IndexByte("\n\"'`[(", c) < 0 {
		return Span{}
	}
	switch {
	case t.starts(at, "-u "), t.starts(at, "-U "):
		return t.userOption(at + 3)
	case t.starts(at, "--user "), t.starts(at, "--user="):
		return t.userOption(at + len("--user "))
	case t.starts(at, "--"):
		return t.longOption(at + 2)
	case t.starts(at, "-u") && t.is(at+2, word) && t.programBefore(at) == "curl":
		return t.userOption(at + 2)
	}
	if span := t.longOption(at + 1); span.Until > 0 {
		return span // -storepass …
	}
	return t.shortOption(at)
}

// userOption finds the password in name:password and, as Samba writes it,
// name%password.
func (t *text) userOption(from int) Span {
	quote := byte(0)
	if c := t.at(from); c == '\'' || c == '"' {
		quote = c
		from++
	}
	until := t.valueEnd(from, quote)
	pair := t.slice(from, min(until, from+maxJudged))
	sign := strings.IndexAny(pair, ":%")
	const key = 16 // of a service, which needs no name
	if sign < 0 || sign == 0 && len(pair) <= key || len(pair)-sign-1 < 4 || !isValue(pair[sign+1:]) {
		return Span{}
	}
	return Span{from + sign + 1, until, password}
}

func (t *text) longOption(from int) Span {
	end := t.run(from, maxName, dashed)
	if end-from < 4 || !t.is(end, blank) || t.at(end+1) == '-' {
		return Span{}
	}
	name := t.nameBefore(end)
	if name == "" {
		return Span{}
	}
	span := t.valueAt(end, weak[name], false)
	if span.Until > 0 && t.is(span.From-1, blank) && isPlain(t.slice(span.From, min(span.Until, span.From+maxJudged))) {
		return Span{} // the option is spoken of
	}
	return span
}

// shortOptions are the programs that take a password with a short option, and
// the letters of those options.
var shortOptions = map[string]string{
	"mysql": "p", "mysqldump": "p", "mysqladmin": "p", "mysqlimport": "p", "mariadb": "p", "mariadb-dump": "p",
	"sshpass": "p", "7z": "p", "7za": "p", "rar": "p", "unrar": "p", "docker login": "p", "podman login": "p",
	"curl": "", "mongo": "p", "mongosh": "p", "mongodump": "p", "az login": "p", "oc login": "p", "unzip": "P", "zip": "P",
	"sqlcmd": "P", "bcp": "P", "isql": "P", "redis-cli": "a", "ldapsearch": "w", "ldapadd": "w", "ldapmodify": "w",
	"ipmitool": "P", "snmpwalk": "A", "cqlsh": "p", "helm registry login": "p", "skopeo login": "p",
	"ssh-keygen": "NP", "useradd": "p", "usermod": "p", "rdesktop": "p", "psexec": "p", "PsExec": "p", "PsExec64": "p", "openssl": "k", "wpa_passphrase": "p", "mosquitto_pub": "P", "mosquitto_sub": "P",
	"rabbitmqadmin": "p", "evil-winrm": "p", "pgbench": "W", "influx": "t", "mc": "p", "svn": "p",
}

// shortOption finds the value of an option whose program stands before it on
// the line.
func (t *text) shortOption(at int) Span {
	c := t.at(at + 1)
	if c == 0 || strings.IndexByte("pPawANkWt", c) < 0 {
		return Span{}
	}
	program := t.programBefore(at)
	if strings.IndexByte(shortOptions[program], c) < 0 {
		return Span{}
	}
	if (strings.HasPrefix(program, "my") || strings.HasPrefix(program, "maria")) && t.is(at+2, blank) {
		return Span{} // MySQL asks for the password there, and the database's name follows
	}
	return t.shortValue(at)
}

// shortValue is the value of a short option, behind it or a blank further.
func (t *text) shortValue(at int) Span {
	value := t.run(at+2, 2, blank)
	quote := byte(0)
	if c := t.at(value); c == '\'' || c == '"' {
		quote = c
		value++
	}
	until := t.valueEnd(value, quote)
	if until-value < 4 || t.at(value) == '-' || !isValue(t.slice(value, min(until, value+maxJudged))) {
		return Span{}
	}
	return Span{value, until, password}
}

// command is the program that was last read on a line, and how far the text
// was looked through for one.
type command struct {
	name     string
	at, read int
}

// programBefore is the program of shortOptions that stands last before a place,
// on its line and near; "" where there is none. What was looked through for an
// earlier place is not read again.
func (t *text) programBefore(at int) string {
	const near = 96
	c := &t.command
	from := max(c.read, at-near)
	if from < at {
		part := t.slice(from, at)
		if i := strings.LastIndexByte(part, '\n'); i >= 0 {
			part, c.name = part[i+1:], ""
		}
		words := strings.Fields(part)
		for i, w := range words {
			w = strings.TrimLeft(w[strings.LastIndexByte(w, '/')+1:], "$`'\"(")
			if i+1 < len(words) && shortOptions[w+" "+words[i+1]] != "" {
				w += " " + words[i+1]
			}
			if _, known := shortOptions[w]; known {
				c.name, c.at = w, at
			}
		}
		c.read = at
	}
	if at-c.at > near {
		return ""
	}
	return c.name
}
