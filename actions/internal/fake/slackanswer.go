package fake

// Answer is what a person says in the thread of a message; it tells its id.
func (s *Slack) Answer(channel, ts, person, text string) string {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	c := s.channel(channel)
	m := &slackMessage{text: text, thread: ts, by: person}
	c.add(s, m)
	return m.ts
}

// React is what a person puts under a message: eyes, white_check_mark, ….
func (s *Slack) React(channel, ts, person, name string) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	m := s.channel(channel).find(ts)
	if m.reactions == nil {
		m.reactions = map[string][]string{}
	}
	m.reactions[name] = append(m.reactions[name], person)
}
