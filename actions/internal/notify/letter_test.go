package notify

import (
	"strings"
	"testing"
)

// Of HTML in a mail's long text the plain tags of the pages are left, and everything else is
// text: no attribute, picture, script or address that runs one.
func TestBodyHTML_LeavesPlainTags(t *testing.T) {
	for markdown, want := range map[string]string{
		"a<br>b <sub>c</sub>": "<p>a<br>b <sub>c</sub></p>",
		"<details><summary><b>A</b>: 1</summary>\n\nx\n\n</details>": "<details><summary><b>A</b>: 1</summary>\n<p>x</p>\n</details>",
		"<details open>\n\nx":                   "<details open>\n<p>x</p>",
		"<img src=x onerror=alert(1)>":          "&lt;img src=x onerror=alert(1)&gt;",
		"a <img src=x> <B onclick=x>b</B>":      "<p>a &lt;img src=x&gt; &lt;B onclick=x&gt;b&lt;/B&gt;</p>",
		"<script>\nalert(1)\n</script>\nx":      "&lt;script&gt;\nalert(1)\n&lt;/script&gt;\n<p>x</p>",
		"<details ontoggle=alert(1)>":           "&lt;details ontoggle=alert(1)&gt;",
		"<!-- seen\nby nobody -->\n\nx":         "\n<p>x</p>",
		"a <!-- b --> c":                        "<p>a  c</p>",
		"a <!-- b":                              "<p>a &lt;!-- b</p>",
		"![pixel](https://example.com/p.png) x": "<p> x</p>",
		"[a](javascript:alert(1))":              `<p><a href="">a</a></p>`,
		"[a](https://example.com/?a=1&b=\"2\")": `<p><a href="https://example.com/?a=1&amp;b=%222%22">a</a></p>`,
		"<a href=\"https://example.com\">a</a>": `<p>&lt;a href=&#34;https://example.com&#34;&gt;a&lt;/a&gt;</p>`,
		"<svg/onload=alert(1)>":                 "<p>&lt;svg/onload=alert(1)&gt;</p>",
		"| a |\n|---|\n| 1<br>2 |":              tableStyle + "\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1<br>2</td>\n</tr>\n</tbody>\n</table>",
	} {
		got, err := bodyHTML(markdown)
		if err != nil || strings.TrimRight(got, "\n") != want {
			t.Errorf("%q: got %q, %v, want %q", markdown, got, err, want)
		}
	}
}
