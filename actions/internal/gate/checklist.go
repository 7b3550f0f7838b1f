package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	task "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"github.com/aftercare/aftercare/actions/internal/model"
)

// Checklist is the criteria that people confirm, as the gate's issue lists
// them: a box each. What people write into the issue is theirs: they number
// boxes, strike them, add notes. So a box is recognised by a key in a comment
// behind it or by the words it begins with, and the text around it is never
// changed.
type Checklist []string

// Checklist is the criteria that people confirm, in the order of rules.yaml.
func (s Section) Checklist() Checklist {
	var all Checklist
	for _, part := range s.Groups() {
		for _, c := range part.Criteria {
			if c.Manual != "" {
				all = append(all, c.Manual)
			}
		}
	}
	return all
}

// Lines are the boxes of some criteria as the issue begins, a line each.
func (l Checklist) Lines() string {
	var b strings.Builder
	for _, criterion := range l {
		b.WriteString("- [ ] " + strings.Join(strings.Fields(criterion), " ") + " <!-- box:" + boxKey(criterion) + " -->\n")
	}
	return b.String()
}

// boxKey recognises a box whose words somebody changed.
func boxKey(criterion string) string {
	sum := sha256.Sum256([]byte(criterion))
	return hex.EncodeToString(sum[:4])
}

// In finds the boxes of the criteria in the text of an issue; Text is the
// criterion's. Of two boxes of one criterion the first counts. A box that is no
// criterion's, or stands in code, is left out.
func (l Checklist) In(body string) []model.Box {
	lines := boxesIn(body)
	byCriterion := map[string]boxLine{}
	for _, exact := range []bool{true, false} { // keys go before words
		for _, line := range lines {
			criterion := l.byWords(line.words)
			if exact {
				criterion = l.byKey(line.key)
			} else if l.byKey(line.key) != "" {
				continue
			}
			if _, there := byCriterion[criterion]; criterion != "" && !there {
				byCriterion[criterion] = line
			}
		}
	}
	var found []model.Box
	for _, criterion := range l {
		if line, there := byCriterion[criterion]; there {
			found = append(found, model.Box{Text: criterion, Ticked: line.ticked})
		}
	}
	return found
}

func (l Checklist) byKey(key string) string {
	for _, criterion := range l {
		if key != "" && key == boxKey(criterion) {
			return criterion
		}
	}
	return ""
}

// byWords returns the criterion that the words of a box begin with, the longest
// of several.
func (l Checklist) byWords(words string) string {
	best, length := "", 0
	for _, criterion := range l {
		own := wordsOf(criterion)
		rest, begins := strings.CutPrefix(words, own)
		next, _ := utf8.DecodeRuneInString(rest)
		if begins && len(own) > length && (rest == "" || !unicode.IsLetter(next) && !unicode.IsDigit(next)) {
			best, length = criterion, len(own)
		}
	}
	return best
}

// Complete returns the text of the issue with the boxes that it lacks; all that
// stands there stays as it is, byte by byte.
func (l Checklist) Complete(body string) string {
	missing := l.missing(body)
	if len(missing) == 0 {
		return body
	}
	end := "\n"
	if strings.Contains(body, "\r\n") {
		end = "\r\n"
	}
	lines := strings.ReplaceAll(missing.Lines(), "\n", end)
	behind := body
	if behind != "" && !strings.HasSuffix(behind, "\n") {
		behind += end
	}
	if !strings.HasPrefix(lastLine(behind), "- [") {
		behind += end
	}
	// Where the end is within code or a comment that nobody closed, there they are no
	// boxes: they go behind the first line, which marks the issue, or before a first
	// line that opens such a block itself.
	first, rest, _ := strings.Cut(body, "\n")
	for _, whole := range []string{behind + lines, first + "\n" + end + lines + end + rest, lines + end + body} {
		if len(l.missing(whole)) == 0 {
			return whole
		}
	}
	return body
}

func (l Checklist) missing(body string) Checklist {
	there := map[string]bool{}
	for _, box := range l.In(body) {
		there[box.Text] = true
	}
	var missing Checklist
	for _, criterion := range l {
		if !there[criterion] {
			missing = append(missing, criterion)
		}
	}
	return missing
}

func lastLine(s string) string {
	s = strings.TrimRight(s, "\r\n")
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// boxLine is a box as a person may have written it.
type boxLine struct {
	ticked bool
	key    string // of the comment behind it; empty for none
	words  string // without marks of Markdown, in lower case
}

var (
	boxes   = goldmark.New(goldmark.WithExtensions(extension.TaskList, extension.Strikethrough)).Parser()
	keyForm = regexp.MustCompile(`<!-- box:([0-9a-f]{8}) -->`)
)

// boxesIn finds the boxes of a text as GitHub shows them, in their order.
func boxesIn(body string) []boxLine {
	src := []byte(body)
	var found []boxLine
	_ = ast.Walk(boxes.Parse(text.NewReader(src), parser.WithContext(parser.NewContext())), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		box, is := n.(*task.TaskCheckBox)
		if !is || !entering {
			return ast.WalkContinue, nil
		}
		line := boxLine{ticked: box.IsChecked, words: inlineWords(n.Parent(), src)}
		raw := n.Parent().Lines()
		if m := keyForm.FindSubmatch(raw.Value(src)); m != nil {
			line.key = string(m[1])
		}
		found = append(found, line)
		return ast.WalkContinue, nil
	})
	return found
}

// wordsOf are the words of a criterion, as boxes are compared.
func wordsOf(criterion string) string {
	src := []byte(strings.Join(strings.Fields(criterion), " "))
	return inlineWords(boxes.Parse(text.NewReader(src)), src)
}

// inlineWords is the text under a node without its marks, in lower case and with
// single spaces.
func inlineWords(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch t := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(t.Segment.Value(src))
				if t.SoftLineBreak() || t.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.AutoLink:
			if entering {
				b.Write(t.Label(src))
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.ToLower(strings.Join(strings.Fields(b.String()), " "))
}
