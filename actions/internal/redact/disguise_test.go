package redact

import (
	"strings"
	"testing"
)

// disguised are values that people write so that machines do not see them, or
// that tools escape: what must be hidden stands between the bars.
var disguised = map[string][]string{
	"address": {
		"write to |ann [at] mail.example|", "|ann(at)mail.example|", "|ann (at) mail (dot) example|", "|ann {at} mail {dot} example|", "|ann[@]mail.example|",
		"|ann at mail dot com|", "mail me: |ann.lee AT mail DOT co DOT uk|", "|ann_at_mail_dot_example|", "|ann＠mail．example|", "|ann@mail[.]example|", "|ann@mail(dot)example|",
		"|ann@mail [dot] example|", "|ann&#64;mail.example|", "|ann&#x40;mail.example|", "|ann&commat;mail.example|", "|ann%40mail.example|", "|ann%2540mail.example|",
		`|ann\u0040mail.example|`, `|ann\x40mail.example|`, `|ann\@mail.example|`, "|ann=40mail.example|", "|ann\u200b@mail.example|", "|an\u00adn@mail.example|", "|ann@\u2060mail.example|",
		"|ann@mail.\ufeffexample|", "|a\u200bn\u200bn\u200b@\u200bm\u200bail.example|", "|ａｎｎ@ｍａｉｌ.example|", "|ann (arroba) mail.example|", "|ann [ät] mail.example|",
		"|ann (at) mail punkt de|", "|ann﹫mail.example|", "|ann <at> mail <dot> example|",
		"|ann((at))mail((dot))example|", "|ann|at|mail|dot|example|", "|ann -at- mail.example|", "|ann-at-mail-dot-com|", "|ann *at* mail *dot* example|", "|ann [dot] lee [at] mail [dot] example|",
		"|ann(dot)lee(at)mail(dot)example|", "|ann dot lee at mail dot com|", "|ann [arobase] mail.example|", "|ann(собака)mail.example|", "|ann собака mail точка ru|", "|ann [małpa] mail.example|", "|ann (zavináč) mail.example|",
		"|ann(골뱅이)mail.example|", "|ann［アット］mail.example|", "|ann【at】mail.example|", "|ann (at sign) mail.example|", "|ann [a t] mail [d o t] example|", "|ann@mail。example|", "|ann@mail%2Eexample|", `|ann@mail\.example|`,
		"|ann&#46;lee&#64;mail&#46;example|", "|&#97;&#110;&#110;&#64;mail.example|", "|ann&period;lee&commat;mail&period;example|", `|\u0061nn\u0040mail\u002eexample|`, "mail |ann.lee @ mail.com|", "|ann.lee@mail . com|", "write to |ann.lee at mail.com|",
		`|"ann lee"@mail.example|`, "|ann@[58.74.121.78]|", "|ann@mail dot example|", "|ann.lee@ mail dot com|",
	},
	"path": {
		`C:\Benutzer\|ann|\x`, `C:\Utilisateurs\|ann|\x`, `C:\Usuarios\|ann|\x`, `C:\Usuários\|ann|\x`, `C:\Utenti\|ann|\x`, `C:\Gebruikers\|ann|\x`, `C:\Пользователи\|ann|\x`,
		`C:\用户\|ann|\x`, `C:\ユーザー\|ann|\x`, `C:\사용자\|ann|\x`, `C:\Dokumente und Einstellungen\|ann|\x`, `C:\\Benutzer\\|ann|\\x`, `C:/Users/|ann|/x`, `c:\users\|ann|\x`,
		"%2Fhome%2F|ann|%2Fx", "%2fhome%2f|ann|%2fx", "file%3A%2F%2F%2Fhome%2F|ann|%2Fx", "C%3A%5CUsers%5C|ann|%5Cx", "%2FUsers%2F|ann|%2Fx", "file:///home/|ann|/x", "file:///C:/Users/|ann|/x",
		"file:///c%3A/Users/|ann|/x", "/mnt/c/Users/|ann|/x", "/c/Users/|ann|/x", "/var/home/|ann|/x", "/export/home/|ann|/x", "/run/media/|ann|/stick", "\\\\server\\Users\\|ann|\\x",
		`C:\WINNT\Profiles\|ann|\x`, "/ho\u200bme/|ann|/x", `"\/home\/|ann|\/x"`, `C:\\\\Users\\\\|ann|\\\\x`,
		`C:\Používatelia\|ann|\x`, `C:\Utilizatori\|ann|\x`, `C:\Потребители\|ann|\x`, `C:\Kasutajad\|ann|\x`, `C:\משתמשים\|ann|\x`, `C:\ผู้ใช้\|ann|\x`, `C:\DOCUME~1\|ann|\x`, "c:/users/|ann|/x", "D:/Benutzer/|ann|/x",
		`\\server\home\|ann|\x`, `\\server\Users$\|ann|\x`, `\\wsl$\Ubuntu\home\|ann|\x`, `\\wsl.localhost\Debian\home\|ann|\x`, "/homes/|ann|/x", "/home2/|ann|/x", "/var/mail/|ann|", "/var/spool/cron/crontabs/|ann|",
		"/Users/|Ann Lee|/x", "vscode-remote://wsl/home/|ann|/x", "ssh://host/home/|ann|/x", "vscode://file/Users/|ann|/x", `\u002Fhome\u002F|ann|\u002Fx`, `\x2Fhome\x2F|ann|\x2Fx`, "&#47;home&#47;|ann|&#47;x",
	},
	"password": {
		"my password is |hunter22|", "My password is: |hunter22|", "the password was |Tr0ub4dor&3|, sorry", "Passwort: |geheim|", "Das Passwort ist |Sommer2024!|", "Kennwort: |Blau3456|",
		"mot de passe : |soleil99|", "le mot de passe est |soleil99|", "contraseña: |secreto1|", "mi contraseña es |secreto1|", "minha senha é |segredo1|", "senha: |segredo1|", "la password è |segreto1|",
		"wachtwoord: |geheim12|", "mijn wachtwoord is |geheim12|", "hasło: |tajne123|", "moje hasło to |tajne123|", "heslo: |tajne123|", "jelszó: |titok123|", "şifre: |gizli123|", "salasana: |salainen1|",
		"lösenord: |hemligt1|", "mitt lösenord är |hemligt1|", "adgangskode: |hemmelig1|", "passord: |hemmelig1|", "пароль: |секрет12|", "密码是|abc12345|", "密码：|abc12345|", "パスワードは|abc12345|です",
		"パスワード：|abc12345|", "비밀번호: |abc12345|", "mysql -u root -p|hunter22| caro", "sshpass -p '|hunter22|' ssh host", "mysqldump --user=ann -p|S3cret!| db", "docker login -u ann -p |hunter22|",
		"redis-cli -a |hunter22| ping", "sqlcmd -S host -U sa -P |Hunter22!|", "curl --user ann:|hunter22| https://x", "curl -u 'ann:|hunter22|' https://x", "smbclient -U ann%|hunter22| //x",
		"--password=|hunter22|", "PGPASSWORD=|hunter22| psql", "password for the server is |hunter22|", "I changed my password to |hunter22|", "password is \"|correct horse 9|\"", "pass: |hunter22|", "pwd=|hunter22|;",
		"my pin is |4821|.", "Password: |letmein|\nnext line", "password = \"|x y z 1|\"", "passphrase: |correct-horse-battery|", "my passphrase is |correct-horse-battery|",
		"DB_PASS=|hunter22|", `"password": "|hunter22|"`, `password: '|hunter22|'`, `<password>|hunter22|</password>`, "ftp://ann:|hunter22|@host", "Server=x;User Id=sa;Password=|hunter22|;",
		"user=ann password=|hunter22| host=x", "spring.datasource.password=|hunter22|", `$env:PASSWORD = "|hunter22|"`, "SET PASSWORD = '|hunter22|'", "IDENTIFIED BY '|hunter22|'",
		"user ann, password |hunter22|", "the password |hunter22| does not work", "password (|hunter22|)", "password `|hunter22|`", "password -> |hunter22|", "the pw is |hunter22|", "pass is |hunter22|", "passwd |hunter22|", "wifi password |Xk9pq2zz|",
		"the secret is |hunter22|", "мой пароль |Xk9pq2zz|", "парола: |Xk9pq2zz|", "machine git.example login ann password |Rp3NdrVE7vo|", "PIN code |4821|", "verification code is |482153|", "OTP: |482153|", "backup code |8f3k-29dk|",
		"seed phrase: |abandon ability able about above absent absorb abstract absurd abuse access accident|", "curl -uann:|hunter22| host", "curl -u :|5dd951cde763a4140a924ac5| host", "ssh-keygen -N |hunter22| -f k", "keytool -storepass |hunter22|",
		"openssl enc -k |hunter22|", "PsExec -u ann -p |hunter22| cmd", "password%3D|hunter22|", `<input type="password" value="|hunter22|">`, `<add key="ApiSecret" value="|XMazEKQ9ngqm|"/>`, "define('DB_PASSWORD', '|jMcO1tSYjF02|');",
		"define('AUTH_KEY', '|ojLlVJLG6iHw&9ROE#u|');", "requirepass |hunter22|", `ConvertTo-SecureString "|o84fYwo6qS1|" -AsPlainText`, "Authorization: SSWS |00Nek9mZDkhGwr89sVUC|", "Authorization: GenieKey |5c1e423f-198f-7d82|",
		"hash |$2b$12$O6DRrz/yQHubxcd/n7ulhQKU4rtahfYkpJzcLbW8YF2zv.x.sOrj4|", "|$argon2id$v=19$m=65536,t=3,p=4$Gu20dRxiHcz5n7fg$rLKE/Gt7kwz/qCcRCyru|", "APP_KEY=|base64:OKKG77XsTZk3ZUR/1sCb=|", "secret_key_base: |855fa73a9e6e9eaf|",
		"?X-Amz-Signature=|71ffab012fb75a6e|", "?key=|gSlEqv1hsZgafOL2jrSChWvaZ1NcdKNa|&q=1", `"private_key": "|-----BEGIN ` + "PRIVATE KEY-----\\nMII\\n-----END " + `PRIVATE KEY-----|\n"`,
	},
	"number": {
		"iban |gb82 west 1234 5698 7654 32|", "|de89370400440532013000|", "card |４５３２２７６６４４５７７０２０|", "|4532\u200b276644577020|", "|4532‑2766‑4457‑7020|", "|+49\u00a030\u00a0901820|", "|+33\u202f6\u202f12\u202f34\u202f56\u202f78|",
		"call |0490 75 40 81|", "Phone:\n|467 3395|", "|020 7946 0958|", "|06-24312407| is my mobile", "Tel.: |030/901820|", "ring me on |785 8949|", "٠ call |٠٢١ ١٢٣ ٤٥٦٧|", "maestro |630427373398|", "|30288610434735|", "|180016070420458|", "|4131034282458809939|",
	},
}

// Each value is hidden as it is written. What is hidden is the value, perhaps
// with a sign around it.
func TestDisguise_IsSeenThrough(t *testing.T) {
	hidden, all := 0, 0
	for kind, lines := range disguised {
		for _, line := range lines {
			first, last := strings.Index(line, "|"), strings.LastIndex(line, "|") // what stands between may have bars, too
			value := line[first+1 : last]
			s := line[:first] + value + line[last+1:]
			all++
			if hides(Find(s), first, first+len(value)) {
				hidden++
				continue
			}
			t.Logf("%s: %q is seen in %q: %v", kind, value, s, Find(s))
		}
	}
	t.Logf("%d of %d hidden", hidden, all)
	if hidden < all*98/100 {
		t.Errorf("%d of %d hidden", hidden, all)
	}
}
