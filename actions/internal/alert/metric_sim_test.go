package alert

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"github.com/aftercare/aftercare/actions/internal/model"
	"github.com/aftercare/aftercare/actions/internal/verdict"
)

// world is a repository, its channels and its runs in simulated time. All that
// happens in it follows from its seed.
type world struct {
	rand  *rand.Rand
	now   time.Time
	fault float64 // the probability that a call goes wrong

	script map[int]mishap // in place of the probability: what goes wrong with which call
	calls  int

	truth    map[string][]stretch // how each metric really stands
	head     int                  // the commit that the branch is at
	memory   Memory               // what it holds
	episodes map[string]Memory    // every episode that was ever committed, as it was last
	messages []message
	runs     []*process
	started  int
	dead     []string // runs that crashed, to be repeated
	faults   int
}

// stretch is a level that lasts until a time.
type stretch struct {
	until time.Time
	level verdict.Level
}

// message is what stands in a channel.
type message struct {
	MetricNews
	at     time.Time
	repeat bool
}

var simRoutes = []Route{
	{Metric: model.Names{"crash_rate"}, Level: "critical", To: model.Names{"alerts"}, Mention: "channel", Respond: In(4 * time.Hour)},
	{Level: "warning", To: model.Names{"monitoring"}, Respond: In(24 * time.Hour)},
}

var simChannels = Channels{
	"alerts":     {Slack: "#alerts", Email: []string{"call@caro.example"}},
	"monitoring": {Slack: "#monitoring"},
}

// readable tells the ways that can be looked into.
func readable(by string) bool { return by == "slack" }

var simThresholds = map[string]verdict.Thresholds{
	"crash_rate": {},
	"latency":    {For: model.Duration(time.Hour), Clear: model.Duration(6 * time.Hour)},
}

func newWorld(seed uint64, days int) *world {
	w := &world{rand: rand.New(rand.NewPCG(seed, 1)), now: launch, fault: 0.1, truth: map[string][]stretch{}, episodes: map[string]Memory{}}
	for _, metric := range []string{"crash_rate", "latency"} {
		w.truth[metric] = w.series(launch.AddDate(0, 0, days+30))
	}
	return w
}

// series is a random course: short and long stretches, one in nine unknown, and
// one in three in doubt.
func (w *world) series(end time.Time) []stretch {
	var all []stretch
	for at := launch; at.Before(end); {
		length := time.Duration(1+w.rand.IntN(60)) * 10 * time.Minute
		if w.rand.IntN(2) == 0 {
			length = time.Duration(1+w.rand.IntN(120)) * time.Hour
		}
		at = at.Add(length)
		levels := []verdict.Level{ok, ok, verdict.Watch, warn, crit, blind, few, fewWarn, doubt}
		all = append(all, stretch{at, levels[w.rand.IntN(len(levels))]})
	}
	return all
}

func (w *world) level(metric string, at time.Time) verdict.Level {
	for _, s := range w.truth[metric] {
		if at.Before(s.until) {
			return s.level
		}
	}
	return ok
}

// live lets time pass: runs start, late or not at all, in flocks now and then,
// and take their steps in any order.
func (w *world) live(days int) {
	for end := launch.AddDate(0, 0, days); w.now.Before(end); {
		w.now = w.now.Add(time.Duration(w.rand.IntN(12*60)) * time.Minute)
		flock := 1 + w.rand.IntN(2)
		if w.rand.IntN(20) == 0 {
			flock = 16
		}
		for range flock {
			w.start()
		}
		w.run()
	}
	w.fault = 0
	for range 6 {
		w.now = w.now.Add(time.Hour)
		w.start()
		w.run()
	}
}

// start starts a run, or repeats one that crashed.
func (w *world) start() {
	name := ""
	if len(w.dead) > 0 && w.rand.IntN(4) == 0 {
		name, w.dead = nextAttempt(w.dead[0]), w.dead[1:]
	} else {
		w.started++
		name = runName(w.started, 1)
	}
	p := &process{world: w, name: name, measured: w.now, tries: 8}
	p.next = p.read
	w.runs = append(w.runs, p)
}

// run steps the runs, one at a time, until all have ended or none is left that
// would end soon: a run may stay behind and go on with the next flock.
func (w *world) run() {
	for len(w.runs) > 0 {
		w.now = w.now.Add(time.Duration(w.rand.IntN(15)) * time.Second)
		i := w.rand.IntN(len(w.runs))
		if w.fault > 0 && w.rand.IntN(200) == 0 {
			return
		}
		p := w.runs[i]
		if p.next = p.next(); p.next == nil {
			w.runs = slices.Delete(w.runs, i, i+1)
		}
	}
}

// mishap is what goes wrong with a call.
type mishap int

const (
	fine    mishap = iota
	refused        // nothing happened, and the caller knows
	unheard        // it happened, and the caller does not know
	before         // the caller dies before it happens
	after          // the caller dies when it has happened
	stalled        // the caller sleeps for up to an hour before it calls
	mishaps
)

func (w *world) mishap() mishap {
	w.calls++
	if w.script != nil {
		return w.script[w.calls]
	}
	if w.rand.Float64() >= w.fault {
		return fine
	}
	w.faults++
	return mishap(1 + w.rand.IntN(int(mishaps)-1))
}

// process is one run of the program. A step is one call to the outside.
type process struct {
	world    *world
	name     string
	measured time.Time
	tries    int
	asleep   time.Time

	head    int
	memory  Memory
	claimed []MetricNews
	results []result
	next    step
}

type step func() step

// result is what became of a message: sent with a reference, or failed.
type result struct {
	news MetricNews
	ref  string
	sent bool
}

// die ends the run; it may be repeated.
func (p *process) die() step {
	p.world.dead = append(p.world.dead, p.name)
	return nil
}

// wake lets a run that sleeps go on with a step when its time has come.
func (p *process) wake(to step) step {
	if p.world.now.Before(p.asleep) {
		return func() step { return p.wake(to) }
	}
	return to
}

func (p *process) sleep(to step) step {
	p.asleep = p.world.now.Add(time.Duration(p.world.rand.IntN(60)) * time.Minute)
	return p.wake(to)
}

// read takes the head, decides, and claims what is due.
func (p *process) read() step {
	if p.tries--; p.tries < 0 {
		return nil
	}
	w := p.world
	p.head = w.head
	var verdicts []verdict.Verdict
	for _, metric := range []string{"crash_rate", "latency"} {
		verdicts = append(verdicts, judged(metric, w.level(metric, p.measured)))
	}
	seen := w.memory.Observe(verdicts, simThresholds, p.measured)
	news, _ := seen.Due(simRoutes, simChannels, p.name, w.now)
	if len(news) == 0 && reflect.DeepEqual(seen, w.memory) {
		return p.record
	}
	p.memory, p.claimed = seen.Claim(news, p.name, w.now)
	return p.commitClaim
}

// commit is one compare-and-swap; it answers whether the caller knows that it
// happened, and whether it lives.
func (p *process) commit(m Memory, fate mishap) (known, lives bool) {
	w := p.world
	happens := fate != refused && fate != before && w.head == p.head
	if happens {
		w.head++
		w.memory = m
		w.remember(m)
	}
	return happens && fate == fine, fate != before && fate != after
}

func (p *process) commitClaim() step {
	fate := p.world.mishap()
	if fate == stalled {
		return p.sleep(p.commitClaim)
	}
	known, lives := p.commit(p.memory, fate)
	switch {
	case !lives:
		return p.die()
	case !known:
		return p.read
	}
	return p.send
}

// send sends the first of what was claimed.
func (p *process) send() step {
	if len(p.claimed) == 0 {
		return p.record
	}
	n, w := p.claimed[0], p.world
	fate := w.mishap()
	if fate == stalled {
		return p.sleep(p.send)
	}
	if InTime(n.Until, w.now) != nil {
		return p.done(result{news: n})
	}
	if n.Unconfirmed && readable(n.By) {
		return p.look(n, fate)
	}
	return p.post(n, fate)
}

// look looks for a message in its channel, and sends it where it is not.
func (p *process) look(n MetricNews, fate mishap) step {
	switch fate {
	case refused, unheard: // it may be there: nothing is certain
		p.claimed = p.claimed[1:]
		return p.send
	case before, after:
		return p.die()
	}
	for _, m := range p.world.messages {
		if m.Key == n.Key && !m.at.Before(n.Claimed) {
			return p.done(result{news: n, ref: n.Key, sent: true})
		}
	}
	return p.post(n, p.world.mishap())
}

func (p *process) post(n MetricNews, fate mishap) step {
	if fate == before {
		return p.die()
	}
	if fate != refused {
		p.world.messages = append(p.world.messages, message{MetricNews: n, at: p.world.now, repeat: n.Unconfirmed})
	}
	switch fate {
	case after:
		return p.die()
	case refused:
		return p.done(result{news: n})
	case unheard:
		p.claimed = p.claimed[1:]
		return p.send
	}
	return p.done(result{news: n, ref: n.Key, sent: true})
}

func (p *process) done(r result) step {
	p.results = append(p.results, r)
	p.claimed = p.claimed[1:]
	return p.send
}

// record writes what became of the messages onto the head of now.
func (p *process) record() step {
	if p.tries--; p.tries < 0 || len(p.results) == 0 {
		return nil
	}
	w := p.world
	p.head, p.memory = w.head, w.memory
	for _, r := range p.results {
		if r.sent {
			p.memory = p.memory.Sent(r.news, p.name, r.ref, w.now)
		} else {
			p.memory = p.memory.Failed(r.news, p.name)
		}
	}
	return p.commitRecord
}

func (p *process) commitRecord() step {
	fate := p.world.mishap()
	if fate == stalled {
		return p.sleep(p.commitRecord)
	}
	known, lives := p.commit(p.memory, fate)
	switch {
	case !lives:
		return p.die()
	case !known:
		return p.record
	}
	return nil
}
