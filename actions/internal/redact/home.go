package redact

import "strings"

// homes are the folders on Unix that hold a folder for each person.
var homes = []string{"/home/", "/Users/", `/home\/`, `/Users\/`, "%2Fhome%2F", "%2fhome%2f", "%2FUsers%2F", "%2fUsers%2f", "/run/media/", "/Benutzer/", "%252Fhome%252F", "%252FUsers%252F"}

// findHome finds the name in /home/name and /Users/name.
func findHome(t *text, at int) Span {
	for _, folder := range homes {
		if t.starts(at, folder) && !t.isPagePath(at) {
			return t.nameIn(at+len(folder), unixName)
		}
	}
	return Span{}
}

// isPagePath tells the path of a page from that of a file: something that is
// no path stands right before it.
func (t *text) isPagePath(at int) bool {
	if !t.is(at-1, word) || t.at(at) == '%' {
		return false
	}
	before := t.slice(t.back(at, 128, addressByte), at)
	return strings.Contains(before, "://") && !strings.Contains(before, "file://") || word.has(before[0]) && strings.Contains(before, ".")
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
	"用户", "使用者", "ユーザー", "사용자", "utilizadores", "χρήστες", "profiles",
}

// findWindowsHome finds the name in C:\Users\name, also with doubled or
// quadrupled strokes, or escaped for a URL.
func findWindowsHome(t *text, at int) Span {
	from := t.stroke(at)
	if from == at {
		return Span{}
	}
	for _, folder := range windowsHomes {
		if !t.startsFold(from, folder) {
			continue
		}
		if folder == "profiles" && t.at(at-1) != ':' && !t.endsWithFold(at, "windows") && !t.endsWithFold(at, "winnt") {
			return Span{}
		}
		name := t.stroke(from + len(folder))
		if name == from+len(folder) {
			return Span{}
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
