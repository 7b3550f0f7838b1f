package fake

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// paging is the parameters of every listing by pages.
var paging = []string{"per_page", "page"}

func with(names []string, more ...string) []string {
	return append(append([]string{}, names...), more...)
}

func (c *call) number(name string, otherwise int) int {
	n, err := strconv.Atoi(c.get(name))
	if err != nil || n < 1 {
		return otherwise
	}
	return n
}

// page is the part of a listing that the call asks for, with its Link header:
// next, last, first, prev, as GitHub orders them.
func page[T, S any](c *call, all []T, shape func(T) S) answer {
	size := min(c.number("per_page", 30), 100)
	at := c.number("page", 1)
	last := max((len(all)+size-1)/size, 1)
	from, until := min((at-1)*size, len(all)), min(at*size, len(all))
	shapes := make([]S, 0, until-from)
	for _, one := range all[from:until] {
		shapes = append(shapes, shape(one))
	}
	said := ok(shapes)
	var links []string
	link := func(rel string, page int) {
		links = append(links, fmt.Sprintf("<%s>; rel=%q", c.pageURL(page), rel))
	}
	if at > 1 {
		link("prev", min(at-1, last))
	}
	if at < last {
		link("next", at+1)
		link("last", last)
	}
	if at > 1 {
		link("first", 1)
	}
	if len(links) > 0 {
		said = said.with("Link", strings.Join(links, ", "))
	}
	return said
}

func (c *call) pageURL(page int) string {
	query := url.Values{}
	for name, values := range c.query {
		query[name] = values
	}
	query.Set("page", strconv.Itoa(page))
	return "http://" + c.Host + c.URL.EscapedPath() + "?" + query.Encode()
}

// cursors pages a listing that GitHub pages by cursors (before, after) instead
// of numbers. A cursor is the place of an entry.
func cursors[T, S any](c *call, all []T, shape func(T) S) answer {
	size := min(c.number("per_page", 30), 100)
	from := min(c.number("after", 0), len(all))
	if before := c.number("before", 0); before > 0 {
		from = max(min(before-1, len(all))-size, 0)
	}
	until := min(from+size, len(all))
	shapes := make([]S, 0, until-from)
	for _, one := range all[from:until] {
		shapes = append(shapes, shape(one))
	}
	said := ok(shapes)
	if until < len(all) {
		query := url.Values{}
		for name, values := range c.query {
			query[name] = values
		}
		query.Del("before")
		query.Set("after", strconv.Itoa(until))
		said = said.with("Link", fmt.Sprintf("<http://%s%s?%s>; rel=\"next\"", c.Host, c.URL.EscapedPath(), query.Encode()))
	}
	return said
}
