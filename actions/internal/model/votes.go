package model

// Votes is how many reactions an issue has now.
type Votes struct {
	Issue, Reactions int
	Upvotes          int // of the reactions those that wish it
}
