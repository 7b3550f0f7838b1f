package check

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aftercare/aftercare/actions/internal/runner"
	"github.com/aftercare/aftercare/actions/internal/urgent"
	"github.com/aftercare/aftercare/actions/internal/urgent/corpus"
	"github.com/aftercare/aftercare/actions/internal/wordlist"
)

// ownTexts are the texts of this project, where it is checked out.
const ownTexts = "actions/internal/urgent/texts.tsv"

// learnWeights makes the file of weights from labelled texts and prints it.
func learnWeights(env *runner.Env) error {
	labels := strings.Split(strings.ReplaceAll(env.Input("label"), " ", ""), ",")
	if !slices.Equal(labels, urgent.Kinds) {
		return runner.Usage("input label must be %s, got %q", strings.Join(urgent.Kinds, ","), env.Input("label"))
	}
	if env.Input("texts") == "" {
		return runner.Usage("-learn -label needs -texts: a folder of labelled texts, or files with commas between them")
	}
	examples, from, err := texts(env)
	if err != nil {
		return err
	}
	learn, held := corpus.Split(examples)
	weights, err := urgent.Learn(learn, wordlist.Languages)
	if err != nil {
		return err
	}
	weights.Head = head(from, len(learn), len(held))
	_, err = io.WriteString(env.Stdout, weights.String())
	return err
}

// texts reads what the input texts names, and the texts of this project where
// they are.
func texts(env *runner.Env) ([]urgent.Example, []string, error) {
	var all []urgent.Example
	var from []string
	read := func(files fs.FS, names ...string) error {
		some, err := corpus.Read(files, names...)
		all, from = append(all, some...), append(from, names...)
		return err
	}
	for _, name := range strings.Split(env.Input("texts"), ",") {
		at := env.Path(strings.TrimSpace(name))
		var err error
		if info, errStat := os.Stat(at); errStat == nil && info.IsDir() {
			err = read(os.DirFS(at), corpus.Files...)
		} else {
			err = read(os.DirFS(filepath.Dir(at)), filepath.Base(at))
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read texts: %w", err)
		}
	}
	if err := read(env.Files, ownTexts); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("read texts: %w", err)
	}
	return all, from, nil
}

// head says what weights were made from, and how to make them again.
func head(from []string, learned, held int) []string {
	var names []string
	for _, name := range from {
		names = append(names, path.Base(name))
	}
	return []string{
		"Weights of urgent reports: what each word, family of words (@, see",
		"internal/wordlist/lists) or sign (#) counts. A text pages people from",
		"`page from` on, and is worth a look from `look from` on. The points after a",
		"comma choose the kind: the kind with the most points is given. Words are",
		"stems. `not:` is a family whose word is denied.",
		"",
		"A person may correct a line; the next making writes the file anew.",
		"",
		"Made by: go run ./actions/check -learn -label " + strings.Join(urgent.Kinds, ",") + " -texts DATA",
		"From: " + strings.Join(names, ", ") + ".",
		fmt.Sprintf("%d texts and issues were learned from; %d more, chosen by the hash of their titles, were left out and", learned, held),
		"are only measured on: make quality.",
	}
}
