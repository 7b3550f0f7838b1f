package gate

import (
	"fmt"
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	for _, c := range []struct{ name, criterion, want string }{
		{"a metric", "{metric: p0_bugs, is: '= 0'}", ""},
		{"a metric over a window", "{metric: p0_bugs, is: '= 0', window: 21d}", ""},
		{"days without", "{days_without: p0_bugs, is: '>= 14'}", ""},
		{"days without, in days", "{days_without: p0_bugs, is: '>= 14 days'}", ""},
		{"a box", "{manual: Deployed}", ""},
		{"a waiver", "{manual: Deployed, waived: {owner: ann, reason: x, until: 2026-03-01}}", ""},
		{"against the release before", "{metric: crash_rate, vs: previous, is: '<= 110%'}", ""},
		{"against another", "{metric: crash_rate, vs: next, is: '<= 110%'}", `must 0 vs: unknown value "next"; known are previous`},
		{"a number against the release before", "{metric: p0_bugs, vs: previous, is: '<= 2'}", `must 0 is: "<= 2" is no share of an earlier figure: with ` + "`vs`" + ` expected one such as '<= 110%'`},
		{"a version against the release before", "{metric: crash_rate, version: newest, vs: previous, is: '<= 110%'}", "must 0 vs: a part by version is not compared with an earlier release: delete `version` or `vs`"},
		{"a box against the release before", "{manual: x, vs: previous}", "must 0 vs: only a `metric` is compared with an earlier release"},
		{"no such metric", "{metric: p0_bug, is: '= 0'}", `must 0 metric: unknown metric "p0_bug"; did you mean "p0_bugs"?`},
		{"no such metric to be without", "{days_without: p0_bug, is: '= 0'}", `must 0 days_without: unknown metric "p0_bug"; did you mean "p0_bugs"?`},
		{"no bound", "{metric: p0_bugs}", "must 0: a criterion on a metric needs `is`: the bound that it must meet"},
		{"nothing", "{is: '= 0'}", "must 0: a criterion is one of `metric`, `days_without` and `manual`"},
		{"two things", "{metric: p0_bugs, is: '= 0', manual: x}", "must 0: a criterion is one of `metric`, `days_without` and `manual`; must 0 is: a box is ticked or not: it has no bound"},
		{"a window of a box", "{manual: x, window: 7d}", "must 0 window: only a `metric` has a window"},
		{"a bound of a box", "{manual: x, is: '= 0'}", "must 0 is: a box is ticked or not: it has no bound"},
		{"days in per cent", "{days_without: p0_bugs, is: '>= 14%'}", `must 0 is: the metric is in days, and ">= 14%" is in %: give it in ms, s, min, h, d or w`},
		{"days growing", "{days_without: p0_bugs, is: growing}", `must 0 is: "growing" is not a number of days: expected one such as '>= 14'`},
		{"half a waiver", "{manual: x, waived: {owner: ann}}", "must 0 waived: a waiver needs `owner`, `reason` and `until`"},
		{"the same box twice", "{manual: x}, {manual: x}", `must 1 manual: duplicate box "x"`},
		{"the same box in two parts", "{manual: x}], nice: [{manual: x}", `nice 0 manual: duplicate box "x"`},
	} {
		var got []string
		for _, m := range section(t, "{must: ["+c.criterion+"]}").Validate([]string{"p0_bugs", "crash_rate"}) {
			got = append(got, strings.Trim(fmt.Sprint(m.Path), "[]")+": "+m.Text)
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s: got  %s\nwant %s", c.name, text, c.want)
		}
	}
}
