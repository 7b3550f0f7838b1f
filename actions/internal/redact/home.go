package redact

import "strings"

// homes are the folders on Unix that hold a folder for each person.
var homes = []string{"/home/", "/Users/", `/home\/`, `/Users\/`, "%2Fhome%2F", "%2fhome%2f", "%2FUsers%2F", "%2fUsers%2f", "/run/media/", "/Benutzer/", "%252Fhome%252F", "%252FUsers%252F",
	"/home1/", "/home2/", "/home3/", "/homes/", "/var/mail/", "/var/spool/mail/", "/var/spool/cron/crontabs/", "/AccountsService/users/"}

// homesByStart are the folders of homes by their second byte, and
// windowsHomesByStart those of windowsHomes by their first byte in either case.
var homesByStart, windowsHomesByStart = func() (unix, windows [256][]string) {
	for _, folder := range homes {
		unix[folder[1]] = append(unix[folder[1]], folder)
	}
	for _, folder := range windowsHomes {
		for _, c := range startsOf(folder) {
			windows[c] = append(windows[c], folder)
		}
	}
	return unix, windows
}()

// findHome finds the name in /home/name and /Users/name.
func findHome(t *text, at int) Span {
	for _, folder := range homesByStart[t.at(at+1)] {
		if t.starts(at, folder) && !t.isPagePath(at) {
			name := at + len(folder)
			if until := t.fullName(name); folder == "/Users/" && until > 0 {
				return Span{name, until, home}
			}
			return t.nameIn(name, unixName)
		}
	}
	if t.at(at) == '/' && t.at(at-1) == ':' && t.is(at-2, upper|lower) && !t.is(at-3, word) {
		return findWindowsHome(t, at)
	}
	return Span{}
}

// fullName is the end of a folder's name that is made of a first and a last name,
// each with a capital, and ends with a stroke; 0 where there is none.
func (t *text) fullName(from int) int {
	until := t.run(from, maxFolder, windowsName)
	first, last, both := strings.Cut(t.slice(from, until), " ")
	if !both || t.at(until) != '/' || first == "" || last == "" || strings.Contains(last, " ") || !capitalized(first) || !capitalized(last) {
		return 0
	}
	return until
}

func capitalized(s string) bool { return upper.has(s[0]) || s[0] >= 0x80 }

// isPagePath tells the path of a page from that of a file: something that is
// no path stands right before it.
func (t *text) isPagePath(at int) bool {
	if !t.is(at-1, word) || t.at(at) == '%' {
		return false
	}
	before := t.slice(t.back(at, 128, addressByte), at)
	if i := strings.Index(before, "://"); i >= 0 {
		return strings.HasSuffix(before[:i], "http") || strings.HasSuffix(before[:i], "https")
	}
	return word.has(before[0]) && strings.Contains(before, ".")
}

// strokes are how a path's stroke is written: plainly, doubled, and in URLs.
var strokes = []string{"%5C", "%5c", "%255C", "%2F", "%2f", "/"}

// stroke is where the strokes that begin at a place end.
func (t *text) stroke(at int) int {
	if end := t.run(at, 4, backslash); end > at {
		return end
	}
	for _, s := range strokes {
		if t.starts(at, s) {
			return at + len(s)
		}
	}
	return at
}

// windowsHomes are the folders on Windows that hold a folder for each person,
// in the languages that translate them.
var windowsHomes = []string{
	"users", "documents and settings", "dokumente und einstellungen", "benutzer", "utilisateurs", "usuarios", "usuários", "utenti", "gebruikers",
	"användare", "brukere", "brugere", "käyttäjät", "użytkownicy", "uživatelé", "felhasználók", "kullanıcılar", "пользователи", "користувачі",
	"用户", "使用者", "ユーザー", "사용자", "utilizadores", "χρήστες", "profiles", "používatelia", "utilizatori", "потребители", "korisnici", "корисници", "uporabniki",
	"lietotāji", "kasutajad", "vartotojai", "notendur", "pengguna", "משתמשים", "المستخدمون", "ผู้ใช้", "người dùng", "docume~1", "users$", "home", "homes", "home$", "homes$",
}

// shareFolders are those of windowsHomes that hold people's folders on a server
// alone.
var shareFolders = map[string]bool{"home": true, "homes": true, "home$": true, "homes$": true}

// onShare reports whether the stroke at a place is within a path of a server: \\server\….
func (t *text) onShare(at int) bool {
	const server = 64
	before := t.slice(max(0, at-server), at)
	i := strings.LastIndex(before, `\\`)
	return i >= 0 && len(before) > i+2 && !strings.ContainsAny(before[i:], " \t\n\"':") && (i == 0 || before[i-1] != ':')
}

// findWindowsHome finds the name in C:\Users\name, also with doubled or
// quadrupled strokes, or escaped for a URL.
func findWindowsHome(t *text, at int) Span {
	from := t.stroke(at)
	if from == at {
		return Span{}
	}
	for _, folder := range windowsHomesByStart[t.at(from)] {
		if !t.startsFold(from, folder) {
			continue
		}
		if shareFolders[folder] && (t.at(at) != '\\' || !t.onShare(at)) {
			continue
		}
		if folder == "profiles" && t.at(at-1) != ':' && !t.endsWithFold(at, "windows") && !t.endsWithFold(at, "winnt") {
			return Span{}
		}
		name := t.stroke(from + len(folder))
		if name == from+len(folder) {
			continue
		}
		if t.at(at) == '%' || t.at(name-1) != '\\' {
			return t.nameIn(name, unixName)
		}
		if until := t.run(name, maxFolder, windowsName); t.at(until) == '\\' && strings.Count(t.slice(name, until), " ") <= 2 {
			return t.nameIn(name, windowsName)
		}
		return t.nameIn(name, unixName)
	}
	return Span{}
}

func (t *text) endsWithFold(until int, suffix string) bool {
	return t.startsFold(until-len(suffix), suffix)
}

// maxFolder bounds the name of a folder.
const maxFolder = 64

// nameIn is the name of somebody's folder; what is nobody's stays.
func (t *text) nameIn(from int, c class) Span {
	until := t.run(from, maxFolder, c)
	if i := strings.Index(t.slice(from, until), "%"); i >= 0 {
		until = from + i
	}
	until = t.trim(from, until, ". ")
	if until == from || nobodysFolders[strings.ToLower(t.slice(from, until))] {
		return Span{}
	}
	return Span{from, until, home}
}

// nobodysFolders are names of folders that are nobody's.
var nobodysFolders = map[string]bool{
	"runner": true, "user": true, "username": true, "you": true, "me": true, "name": true, "shared": true, "public": true, "default": true,
	"linuxbrew": true, "root": true, "...": true, "runneradmin": true, "xxx": true, "yourname": true, "youruser": true, "your_username": true,
	"your-username": true, "myuser": true, "myname": true, "ubuntu": true, "vagrant": true, "travis": true, "circleci": true, "docker": true,
	"vsts": true, "containeradministrator": true, "administrator": true, "admin": true, "jenkins": true, "gitpod": true, "codespace": true, "vscode": true,
	"node": true, "app": true, "developer": true, "all users": true, "default user": true, "someone": true, "foo": true, "…": true, "xxxx": true, "redacted": true,
	"downloads": true, "documents": true, "desktop": true, "public_html": true, "www": true, "vhosts": true, "web": true, "html": true, "data": true, "project": true,
	"projects": true, "mysite": true, "myusername": true, "all": true, "xx": true, "ec2-user": true, "pi": true, "git": true, "nobody": true, "build": true, "builder": true,
	"ci": true, "buildslave": true, "tmp": true, "test": true, "work": true, "src": true, "content": true,
}

// findLogin finds the name of whoever is logged in, in the dump of an environment
// and in the prompt of a shell: LOGNAME=ann, ann@host:~$.
func findLogin(t *text, at int) Span {
	if t.at(at) == '@' {
		return t.promptAt(at)
	}
	for _, name := range loginNames {
		from := at - len(name)
		if t.starts(from, name) && (from == 0 || strings.IndexByte(" \t\n;", t.at(from-1)) >= 0) {
			return t.nameIn(at+1, unixName)
		}
	}
	return Span{}
}

// loginNames are the variables that hold the name of whoever is logged in.
var loginNames = []string{"LOGNAME", "USER", "USERNAME", "SUDO_USER"}

// promptAt finds the name in a shell's prompt around its sign: ann@host:~/x$.
func (t *text) promptAt(at int) Span {
	const maxUser, maxHost = 32, 63
	from := t.back(at, maxUser+1, dashed)
	host := t.run(at+1, maxHost+1, dotted)
	if from == at || at-from > maxUser || host == at+1 || !t.starts(host, ":~") && !t.starts(host, ":/") || from > 0 && strings.IndexByte("\n[(` \t", t.at(from-1)) < 0 {
		return Span{}
	}
	until := t.run(host+1, maxFolder, unixName|tilde|backslash|dash)
	for n := 0; n < 8 && t.at(until) == '/'; n++ {
		until = t.run(until+1, maxFolder, unixName)
	}
	if c := t.at(t.run(until, 2, blank)); c != '$' && c != '#' && c != '%' || nobodysFolders[strings.ToLower(t.slice(from, at))] {
		return Span{}
	}
	return Span{from, at, home}
}
