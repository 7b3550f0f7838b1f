package collect

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/aftercare/aftercare/actions/internal/lazyregexp"
)

// writtenTime is a time as a form tool, a spreadsheet or a person writes it, with
// what it leaves open: which of two numbers is the day.
type writtenTime struct {
	yearFirst            bool
	dotted               bool // the day stands first wherever dots separate
	a, b, c              int  // the numbers of the date as they stand
	named                int  // the month where a word names it, 1 to 12; 0: no word
	hour, minute, second int
	zone                 *time.Location
	at                   time.Time // set where the text leaves nothing open: a count of days or seconds
	settled              bool
}

// order is which number of a date is what.
type order int

const (
	yearMonthDay order = iota
	dayMonthYear
	monthDayYear
)

var (
	dateShape  = lazyregexp.New(`^(\d{1,4})(?:\s?[/-]\s?|\.\s?|\s?年\s?|\s?년\s?)(\d{1,2}|\p{L}{3,9}\.?)(?:\s?[/-]\s?|\.\s?|\s?月\s?|\s?월\s?|\s)(\d{1,4})(?:\s?日|\s?일)?(?:\s?г\.|\.)?(?:\s?\(\p{L}+\))?`)
	namedDay   = lazyregexp.New(`^(?:\p{L}+\.?,?\s+)?(\d{1,2})\.?\s(?:de\s)?(\p{L}{3,12})\.?,?\s(?:de\s)?(\d{4})`)
	namedFrom  = lazyregexp.New(`^(?:\p{L}+\.?,?\s+)?(\p{L}{3,12})\.?\s(\d{1,2}),?\s(\d{4})`)
	hourForm   = lazyregexp.New(`^(\d{1,2})(?:[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?|\s?h\s?(\d{2})|\s?(?:时|時|시)\s?(\d{1,2})\s?(?:分|분)(?:\s?(\d{1,2})\s?(?:秒|초))?)?`)
	beforeTime = lazyregexp.New(`^(?:,|t|klo|kl\.?|um|at|à|às|a las|alle|om|o|в|u|la|\s|-)+`)
	timeFirst  = lazyregexp.New(`^(\d{1,2}:\d{2}(?::\d{2})?(?:\s\p{L}{2,5})?),?\s(\d.*)$`) // as Vietnamese write it
	daysForm   = lazyregexp.New(`^\d{5}(?:[.,]\d+)?$`)
	unixForm   = lazyregexp.New(`^(\d{10})(\d{3})?$`)
	offsetAt   = lazyregexp.New(`(?i)\s?\(?(?:\b(?:gmt|utc))?\s?([+-]\d{1,2}(?::?\d{2})?)\)?$`)
	wordZone   = lazyregexp.New(`(?i)(?:\s\(?([a-z]{1,5})\)?|(?:\d)(z))$`)
)

// halves are the words for the halves of a day, in small letters without dots
// and spaces: of Google and Microsoft Forms in their languages. True is the
// second.
var halves = func() map[string]bool {
	all := map[string]bool{}
	for second, words := range map[bool]string{
		false: "am vorm vm fm πμ öö sa sáng ص قظ de 上午 午前 凌晨 早上 清晨 오전 새벽 לפנהצ לפנה״צ дп пробед пробяд eparadites dop dopol ap ก่อนเที่ยง पूर्वाह्न asubuhi",
		true:  "pm nachm nm em μμ ös ch chiều م بظ du 下午 午後 中午 晚上 오후 밤 אחהצ אחה״צ пп слобед epasdites odp popol ip หลังเที่ยง अपराह्न jioni",
	} {
		for _, w := range strings.Fields(words) {
			all[strings.ReplaceAll(w, ".", "")] = second
		}
	}
	return all
}()

// halfWord is a run of letters, with the dots, blanks and quotation marks that
// stand between those of a half of a day.
var halfWord = lazyregexp.New(`\p{L}[\p{L}\p{M}]*(?:\.[\s]?\p{L}+)*(?:["״”]\p{L})?\.?`)

// beforeHour is what stands behind a half of a day that is written before the hour.
var beforeHour = lazyregexp.New(`^\s?\d{1,2}\s?[:.時时시]`)

// takeHalf takes the word for a half of the day out of a text: 0 where there is
// none, else 1 or 2.
func takeHalf(s string) (rest string, half int) {
	for _, at := range halfWord.FindAllStringIndex(s, -1) {
		word := strings.Map(func(r rune) rune {
			if r == '.' || r == '"' || r == '”' || unicode.IsSpace(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, s[at[0]:at[1]])
		second, known := halves[word]
		if !known || strings.TrimSpace(s[at[1]:]) != "" && !beforeHour.MatchString(s[at[1]:]) {
			continue // it is no half where it stands
		}
		half = 1
		if second {
			half = 2
		}
		return strings.TrimSpace(s[:at[0]] + " " + s[at[1]:]), half
	}
	return s, 0
}

// months are the first letters of the months' names, in languages that are
// written with Latin letters, by their number.
var months = func() map[string]int {
	all := map[string]int{}
	for i, words := range []string{"jan ene gen", "feb fév fev", "mar mär mrt maa", "apr avr abr huh", "may mai mag maj mei tou", "jun juin giu kes", "jul juil lug hei", "aug aoû ago elo", "sep set syy", "oct okt ott out lok", "nov mar.", "dec dez déc dic des jou"} {
		for _, w := range strings.Fields(words) {
			all[w] = i + 1
		}
	}
	all["juin"], all["juil"] = 6, 7
	return all
}()

// monthOf is the number of a month's name; 0 where it is none.
func monthOf(word string) int {
	letters := []rune(strings.ToLower(strings.TrimRight(word, ".")))
	for n := min(4, len(letters)); n >= 3; n-- {
		if m := months[string(letters[:n])]; m > 0 {
			return m
		}
	}
	return 0
}

// zones are the names of zones that one offset alone goes by, in hours.
var zones = map[string]float64{
	"gmt": 0, "utc": 0, "z": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "oez": 2, "oesz": 3, "msk": 3, "trt": 3, "sast": 2,
	"est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "brt": -3, "art": -3, "clt": -4, "cot": -5, "pet": -5,
	"jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "pht": 8, "wib": 7, "ict": 7, "awst": 8, "acst": 9.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "npt": 5.75, "pkt": 5,
}

// hourWord is a word for the hour behind a time, as Germans write it.
var hourWord = lazyregexp.New(`(?i)(\d)\s?(?:uhr|hrs?|h)\b\.?`)

// readTime reads a time as it is written. Which number is the day may be open;
// the zone is UTC where none is named.
func readTime(s string) (w writtenTime, err error) {
	none := fmt.Errorf("%q is not a time of a form that is known", short(s))
	text := strings.TrimSpace(strings.Map(plainSign, s))
	w.zone = time.UTC
	if t, isCount := counted(text); isCount {
		return writtenTime{at: t, settled: true}, nil
	}
	text = strings.TrimSpace(hourWord.ReplaceAllString(text, "$1"))
	text, w.zone, err = takeZone(text)
	if err != nil {
		return writtenTime{zone: time.UTC}, fmt.Errorf("%q: %w", short(s), err)
	}
	text, half := takeHalf(timeFirst.ReplaceAllString(text, "$2 $1"))
	rest, ok := w.date(text)
	if !ok {
		return w, none
	}
	if rest = strings.ToLower(rest); rest != "" {
		rest = rest[len(beforeTime.FindString(rest)):]
	}
	m := hourForm.FindStringSubmatch(rest)
	switch {
	case rest == "" && half == 0:
		return w, nil
	case m == nil || strings.TrimSpace(rest[len(m[0]):]) != "":
		return w, none
	}
	w.hour, w.minute, w.second = number(m[1]), number(m[2]+m[4]+m[5]), number(m[3]+m[6])
	if half > 0 && (w.hour > 12 && half == 1 || m[2]+m[4]+m[5] == "" && w.hour == 0) || half == 0 && m[2]+m[4]+m[5] == "" {
		return w, none
	}
	if half > 0 && w.hour <= 12 {
		w.hour = w.hour%12 + 12*(half-1)
	}
	if w.hour > 23 || w.minute > 59 || w.second > 60 {
		return w, none
	}
	return w, nil
}

// plainSign makes the digits, spaces and dashes of all scripts those of ASCII,
// and leaves out the marks of direction.
func plainSign(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= '०' && r <= '९':
		return r - '०' + '0'
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case unicode.Is(unicode.Zs, r):
		return ' '
	case r == '\u2212' || r == '\u2010' || r == '\u2011' || r == '\u2013':
		return '-'
	case r == '،':
		return ','
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// counted is a time that is written as a count: of days since the end of 1899, as
// spreadsheets hold it, or of seconds or milliseconds since 1970.
func counted(text string) (time.Time, bool) {
	if daysForm.MatchString(text) {
		days, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || days < 32874 || days > 73050 { // of 1990, and of 2100
			return time.Time{}, false
		}
		seconds := int64(days*86400 + 0.5)
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Add(time.Duration(seconds) * time.Second), true
	}
	if m := unixForm.FindStringSubmatch(text); m != nil {
		seconds, err := strconv.ParseInt(m[1], 10, 64)
		return time.Unix(seconds, 0).UTC(), err == nil
	}
	return time.Time{}, false
}

// takeZone takes the zone off the end of a text.
func takeZone(text string) (rest string, zone *time.Location, err error) {
	if m := offsetAt.FindStringSubmatchIndex(text); m != nil && strings.ContainsAny(text[:m[0]], ":.時时시h") && !dateShape.MatchString(text[m[0]:]) {
		return strings.TrimSpace(text[:m[0]]), offset(text[m[2]:m[3]]), nil
	}
	m := wordZone.FindStringSubmatchIndex(text)
	if m == nil {
		return text, time.UTC, nil
	}
	from, until := m[2], m[3]
	if from < 0 {
		from, until = m[4], m[5]
	}
	name := strings.ToLower(text[from:until])
	if _, isHalf := halves[name]; isHalf || monthOf(name) > 0 && len(name) == 3 && !strings.Contains(text, ":") {
		return text, time.UTC, nil
	}
	hours, known := zones[name]
	if !known {
		return text, nil, fmt.Errorf("unknown time zone %q: export the times with an offset such as GMT+1", text[from:until])
	}
	return strings.TrimRight(text[:from], " ("), time.FixedZone(strings.ToUpper(name), int(hours*3600)), nil
}

// date reads the numbers of the date at the beginning of a text.
func (w *writtenTime) date(text string) (rest string, ok bool) {
	if m := namedDay.FindStringSubmatch(text); m != nil && monthOf(m[2]) > 0 {
		w.a, w.named, w.c = number(m[1]), monthOf(m[2]), number(m[3])
		return text[len(m[0]):], true
	}
	if m := namedFrom.FindStringSubmatch(text); m != nil && monthOf(m[1]) > 0 {
		w.a, w.named, w.c = number(m[2]), monthOf(m[1]), number(m[3])
		return text[len(m[0]):], true
	}
	m := dateShape.FindStringSubmatch(text)
	if m == nil || len(m[1]) == 3 || len(m[3]) == 3 {
		return text, false
	}
	w.a, w.b, w.c = number(m[1]), number(m[2]), number(m[3])
	if !isDigits(m[2]) {
		if w.named = monthOf(m[2]); w.named == 0 {
			return text, false
		}
	}
	w.yearFirst = len(m[1]) == 4
	if w.yearFirst == (len(m[3]) == 4) && (w.yearFirst || len(m[3]) != 2) {
		return text, false
	}
	if w.yearFirst && len(m[3]) > 2 {
		return text, false
	}
	w.dotted = strings.Contains(text[:len(m[0])], ".") && !strings.ContainsAny(text[:len(m[0])], "/-")
	return text[len(m[0]):], true
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func number(s string) int {
	n, _ := strconv.Atoi(s) // of digits, or nothing
	return n
}

// orders are those that a time may be read in, the likelier first.
func (w writtenTime) orders() []order {
	switch {
	case w.settled || w.yearFirst:
		return []order{yearMonthDay}
	case w.named > 0 || w.dotted:
		return []order{dayMonthYear}
	}
	return []order{monthDayYear, dayMonthYear}
}

// in is the time in an order; the error is that no such day is.
func (w writtenTime) in(o order) (time.Time, error) {
	if w.settled {
		return w.at, nil
	}
	year, month, day := w.a, w.b, w.c
	switch {
	case w.yearFirst:
	case w.named > 0:
		year, month, day = w.c, w.named, w.a
	case o == monthDayYear:
		year, month, day = w.c, w.a, w.b
	default:
		year, month, day = w.c, w.b, w.a
	}
	if w.yearFirst && w.named > 0 {
		month = w.named
	}
	switch {
	case year < 100:
		year += 2000
	case year > 2500 && year < 2650:
		year -= 543 // of the Buddhist era, as in Thailand
	}
	t := time.Date(year, time.Month(month), day, w.hour, w.minute, w.second, 0, w.zone)
	if month < 1 || month > 12 || t.Day() != day || year < 1990 || year > 2200 {
		return time.Time{}, fmt.Errorf("there is no day %d of month %d in %d", day, month, year)
	}
	return t.UTC(), nil
}

// offset is the zone of +1, +0530 or -03:00.
func offset(s string) *time.Location {
	digits := strings.ReplaceAll(strings.TrimLeft(s, "+-"), ":", "")
	if len(digits) <= 2 {
		digits += "00"
	}
	n := number(digits)
	seconds := (n/100)*3600 + (n%100)*60
	if strings.HasPrefix(s, "-") {
		seconds = -seconds
	}
	return time.FixedZone(s, seconds)
}
