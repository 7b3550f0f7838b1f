// Package learn reads a labelled record and proposes what tells the labels
// apart: words with weights, and keyword rules with the precision and recall
// that they had on issues they were not made from. It proposes; whether a rule
// is used is decided by the person who puts it into rules.yaml.
package learn
