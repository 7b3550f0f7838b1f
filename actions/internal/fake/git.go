package fake

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"
)

// objects is a git repository: blobs, trees and commits under the names that
// git itself would give them, and refs. Names are without "refs/".
type objects struct {
	blobs   map[string][]byte
	trees   map[string][]leaf
	commits map[string]*commit
	refs    map[string]string
}

// leaf is one entry of a tree.
type leaf struct {
	name, mode, kind, sha string
}

type commit struct {
	sha       string
	tree      string
	parents   []string
	message   string
	author    signature
	committer signature
}

type signature struct {
	Name  string    `json:"name"`
	Email string    `json:"email"`
	Date  time.Time `json:"date"`
}

func newObjects() *objects {
	return &objects{blobs: map[string][]byte{}, trees: map[string][]leaf{}, commits: map[string]*commit{}, refs: map[string]string{}}
}

// start makes the first commit, with a README.
func (o *objects) start(name string, at time.Time) {
	who := signature{"GitHub", "noreply@github.com", at}
	tree, _ := o.change("", []change{{path: "README.md", mode: "100644", sha: o.putBlob([]byte("# " + name + "\n"))}})
	o.refs["heads/"+defaultBranch] = o.putCommit(commit{tree: tree, message: "Initial commit", author: who, committer: who})
}

// name is git's own: SHA-1 over kind, length and content.
func objectName(kind string, content []byte) string {
	h := sha1.New()
	fmt.Fprintf(h, "%s %d\x00", kind, len(content))
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}

func (o *objects) putBlob(content []byte) string {
	sha := objectName("blob", content)
	o.blobs[sha] = content
	return sha
}

// putTree sorts the entries as git does: a folder as if its name ended in /.
func (o *objects) putTree(entries []leaf) string {
	sort.Slice(entries, func(a, b int) bool { return entries[a].sortKey() < entries[b].sortKey() })
	var raw []byte
	for _, e := range entries {
		sha, _ := hex.DecodeString(e.sha)
		raw = fmt.Appendf(raw, "%s %s\x00", strings.TrimPrefix(e.mode, "0"), e.name)
		raw = append(raw, sha...)
	}
	sha := objectName("tree", raw)
	o.trees[sha] = entries
	return sha
}

func (l leaf) sortKey() string {
	if l.kind == "tree" {
		return l.name + "/"
	}
	return l.name
}

func (o *objects) putCommit(c commit) string {
	var b strings.Builder
	fmt.Fprintf(&b, "tree %s\n", c.tree)
	for _, p := range c.parents {
		fmt.Fprintf(&b, "parent %s\n", p)
	}
	fmt.Fprintf(&b, "author %s\ncommitter %s\n\n%s", c.author, c.committer, c.message)
	c.sha = objectName("commit", []byte(b.String()))
	o.commits[c.sha] = &c
	return c.sha
}

func (s signature) String() string {
	return fmt.Sprintf("%s <%s> %d +0000", s.Name, s.Email, s.Date.Unix())
}

// change is one path of a new tree; an empty sha deletes it.
type change struct {
	path, mode, kind, sha string
}

// change makes a tree of another with paths changed, and tells the path that is
// wrong, if one is.
func (o *objects) change(base string, changes []change) (sha, wrong string) {
	files := o.files(base, "")
	for _, c := range changes {
		if c.path == "" || strings.HasPrefix(c.path, "/") || strings.Contains("/"+c.path+"/", "/../") || strings.Contains(c.path, "//") {
			return "", c.path
		}
		delete(files, c.path)
		for path := range files { // a file and a folder of one name: the new one wins
			if strings.HasPrefix(path, c.path+"/") || strings.HasPrefix(c.path, path+"/") {
				delete(files, path)
			}
		}
		switch {
		case c.sha == "":
		case c.kind == "tree":
			for path, l := range o.files(c.sha, c.path+"/") {
				files[path] = l
			}
		default:
			files[c.path] = leaf{mode: c.mode, kind: "blob", sha: c.sha}
		}
	}
	return o.build(files), ""
}

// files is every file of a tree by its path.
func (o *objects) files(tree, under string) map[string]leaf {
	found := map[string]leaf{}
	for _, e := range o.trees[tree] {
		if e.kind == "tree" {
			for path, l := range o.files(e.sha, under+e.name+"/") {
				found[path] = l
			}
			continue
		}
		found[under+e.name] = e
	}
	return found
}

// build makes the trees that hold these files.
func (o *objects) build(files map[string]leaf) string {
	var entries []leaf
	folders := map[string]map[string]leaf{}
	for path, l := range files {
		folder, rest, inside := strings.Cut(path, "/")
		if !inside {
			entries = append(entries, leaf{path, l.mode, l.kind, l.sha})
			continue
		}
		if folders[folder] == nil {
			folders[folder] = map[string]leaf{}
		}
		folders[folder][rest] = l
	}
	for name, inside := range folders {
		entries = append(entries, leaf{name, "040000", "tree", o.build(inside)})
	}
	return o.putTree(entries)
}

// log is the commits that lead to this one, the newest first.
func (o *objects) log(sha string) []*commit {
	var found []*commit
	seen := map[string]bool{}
	for queue := []string{sha}; len(queue) > 0; queue = queue[1:] {
		c := o.commits[queue[0]]
		if c == nil || seen[c.sha] {
			continue
		}
		seen[c.sha] = true
		found = append(found, c)
		queue = append(queue, c.parents...)
	}
	return found
}

// leadsTo reports whether one commit is an ancestor of another, or the same.
func (o *objects) leadsTo(old, now string) bool {
	return slices.ContainsFunc(o.log(now), func(c *commit) bool { return c.sha == old })
}

// commitOf finds a commit by its name, a branch or a tag.
func (o *objects) commitOf(name string) *commit {
	for _, try := range []string{"heads/" + name, "tags/" + name, strings.TrimPrefix(name, "refs/")} {
		if sha := o.refs[try]; sha != "" {
			return o.commits[sha]
		}
	}
	if len(name) == 40 {
		return o.commits[name]
	}
	return nil
}

// Files is the files of a branch, or of a commit, by their paths.
func (r *Repository) Files(at string) map[string][]byte {
	defer r.lock()()
	found := map[string][]byte{}
	head := r.git.commits[at]
	if sha := r.git.refs["heads/"+at]; sha != "" {
		head = r.git.commits[sha]
	}
	if head == nil {
		return found
	}
	for path, l := range r.git.files(head.tree, "") {
		found[path] = r.git.blobs[l.sha]
	}
	return found
}

// Commit commits files to a branch, as a person with a clone does; nil content
// deletes one. It tells the commit's name. A branch that is missing starts at
// the default one.
func (r *Repository) Commit(author, branch, message string, files map[string][]byte) string {
	defer r.lock()()
	parent := r.git.refs["heads/"+branch]
	if parent == "" {
		parent = r.git.refs["heads/"+defaultBranch]
	}
	var changes []change
	for path, content := range files {
		c := change{path: path, mode: "100644"}
		if content != nil {
			c.sha = r.git.putBlob(content)
		}
		changes = append(changes, c)
	}
	sort.Slice(changes, func(a, b int) bool { return changes[a].path < changes[b].path })
	tree, wrong := r.git.change(r.git.commits[parent].tree, changes)
	if wrong != "" {
		panic(fmt.Sprintf("simulate: %q is no path", wrong))
	}
	who := signature{author, author + "@users.noreply.github.com", r.now()}
	sha := r.git.putCommit(commit{tree: tree, parents: []string{parent}, message: message, author: who, committer: who})
	r.move("heads/"+branch, sha, r.hub.user(author))
	return sha
}

// move sets a ref, with what GitHub does when commits reach the default branch.
func (r *Repository) move(ref, sha string, actor *user) {
	before := map[string]bool{}
	for _, c := range r.git.log(r.git.refs[ref]) {
		before[c.sha] = true
	}
	r.git.refs[ref] = sha
	r.pushedAt = r.now()
	if ref != "heads/"+defaultBranch {
		return
	}
	for _, c := range r.git.log(sha) {
		if !before[c.sha] {
			r.closedBy(actor, c.sha, c.message)
		}
	}
}

// Commit is a commit, for tests that look at the history.
type Commit struct {
	SHA, Message string
	Parents      []string
	Author       string
	At           time.Time
}

// Log is the commits of a branch, the newest first.
func (r *Repository) Log(branch string) []Commit {
	defer r.lock()()
	var all []Commit
	for _, c := range r.git.log(r.git.refs["heads/"+branch]) {
		all = append(all, Commit{c.sha, c.message, c.parents, c.author.Name, c.committer.Date})
	}
	return all
}
